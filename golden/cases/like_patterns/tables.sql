CREATE TABLE public.files (id int, name text);
INSERT INTO public.files VALUES
  (1, 'data1.csv'), (2, 'data_.csv'), (3, 'data12.csv'), (4, '100%.csv'), (5, 'a\b.txt'), (6, 'data'), (7, ''), (8, NULL),
  (9, 'dataé.csv'), (10, 'DATA1.csv');
