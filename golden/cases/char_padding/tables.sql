CREATE TABLE public.codes (code char(5));
INSERT INTO public.codes VALUES ('ab'), ('abc');
CREATE TABLE public.padded (id int, code char(5), word text);
INSERT INTO public.padded VALUES
  (1, 'ab', 'ab'), (2, 'ab   ', 'ab '), (3, 'abc', 'abc'), (4, 'abcde', 'ab  '), (5, NULL, NULL);
