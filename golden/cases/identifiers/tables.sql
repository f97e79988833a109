CREATE TABLE public."Other;Table" ("the key" text);
INSERT INTO public."Other;Table" VALUES ('a');
CREATE TABLE public."Odd ""Table""" (
  "select" int, "Order Total" int, "it's" text, "say ""hi""" text, "🙂" int, "back`tick" int, "from" text);
INSERT INTO public."Odd ""Table""" VALUES
  (1, 10, 'yes', 'hi', 1, 3, 'a'), (2, 20, 'no', NULL, 6, NULL, 'b'), (3, 0, 'perhaps', '"', NULL, 1, NULL);
