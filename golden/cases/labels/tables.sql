CREATE TABLE public.grades (pupil text, points int, grade text);
INSERT INTO public.grades VALUES
  ('ann', 95, 'A'), ('ben', 30, 'D'), ('cas', 100, 'A'), ('dan', 29, 'E'), ('eva', NULL, NULL), ('fay', 101, 'C');
