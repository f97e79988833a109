CREATE TABLE public.letters (
    id bigint, sender varchar, street varchar, weight decimal(6, 2), code varchar, phone varchar);
INSERT INTO public.letters VALUES
    (1, 'Ann', 'Long Lane 1', 12.50, '1000', '111'),
    (2, 'Ann', 'Long Lane 1', 700, '1000', '222'),
    (3, 'Bob', null, 800.25, null, null),
    (4, 'Ann', 'Short Street 2', 1, '12345678', '444'),
    (5, 'Zoë', '', 2, 'ÅÄÖ', null),
    (6, null, 'Long Lane 1', null, 'a', '666');
