"""What `assay init` writes."""

from __future__ import annotations

CONTRACT = """\
# What the table `orders` promises. Change something and run `assay verify` again.
contract shop.orders version 1.0.0 {
  "One row per order placed in the shop."

  dataset shop.orders
  owner   "Shop team" <shop@example.com>

  column order_id    bigint         required unique
  column customer_id bigint         required
  column status      varchar        required in ('new', 'paid', 'shipped', 'void')
  column amount      decimal(12, 2) required between 0 and 10000
  column email       varchar        matches email for at least 90% sensitive
  column placed_on   date           required
  column shipped_on  date

  rule shipped_has_date "a shipped order carries the day it was shipped":
    when status = 'shipped' then shipped_on is not null

  rule shipped_after_placed "nothing is shipped before it is ordered":
    shipped_on >= placed_on

  check rows >= 10
  check missing(email) < 10% else warn
  check avg(amount) between 20 and 200

  failed rows {
    keep 100
    columns order_id, status, amount, placed_on, shipped_on
  }
}
"""

CONFIG = """\
# Data sources by name: a contract's dataset begins with one, such as `shop.orders`.
sources:
  shop:
    type: duckdb
    folder: data
"""

DATA = """\
order_id,customer_id,status,amount,email,placed_on,shipped_on
1001,2,paid,123.16,customer5@example.com,2024-03-01,
1002,2,shipped,15.89,customer3@example.com,2024-03-02,2024-03-05
1003,9,new,52.41,customer7@example.com,2024-03-02,
1004,9,new,92.92,customer4@example.com,2024-03-03,
1005,2,shipped,47.88,customer3@example.com,2024-03-03,2024-03-05
1006,5,paid,136.14,customer1@example.com,2024-03-04,
1007,3,shipped,55.76,,2024-03-04,2024-03-05
1008,6,shipped,115.05,customer2@example.com,2024-03-05,2024-03-07
1009,4,shipped,82.59,customer3@example.com,2024-03-05,2024-03-06
1010,5,shipped,6.18,customer9@example.com,2024-03-06,2024-03-06
1011,4,shipped,72.82,customer9@example.com,2024-03-06,2024-03-08
1012,8,shipped,31.43,customer7@example.com,2024-03-07,2024-03-09
1013,5,paid,47.54,,2024-03-07,
1014,1,new,80.80,customer2@example.com,2024-03-08,
1015,3,shipped,115.39,customer6@example.com,2024-03-08,2024-03-11
1016,7,paid,38.20,customer2@example.com,2024-03-09,
1017,6,shipped,76.42,customer3@example.com,2024-03-09,2024-03-11
1018,2,shipped,142.53,customer6@example.com,2024-03-10,2024-03-11
1019,5,new,130.36,customer4@example.com,2024-03-10,
1020,6,paid,34.08,customer2@example.com,2024-03-11,
1021,1,shipped,12.01,,2024-03-11,2024-03-14
1022,6,shipped,7.97,customer5@example.com,2024-03-12,2024-03-12
1023,3,shipped,132.01,customer6@example.com,2024-03-12,2024-03-14
1024,4,shipped,77.76,customer5@example.com,2024-03-13,2024-03-13
"""

FILES = {"orders.contract": CONTRACT, "assay.yml": CONFIG, "data/orders.csv": DATA, ".gitignore": ".assay/\n"}
