"""The published files: their names, under which they are also known, and their columns."""

from __future__ import annotations

from santong.simulation.rules.published.file import File

CUSTOMERS = File(
    table="customers",
    names=("customers", "olist_customers_dataset"),
    columns=(
        "customer_id",
        "customer_unique_id",
        "customer_zip_code_prefix",
        "customer_city",
        "customer_state",
    ),
)
SELLERS = File(
    table="sellers",
    names=("sellers", "olist_sellers_dataset"),
    columns=("seller_id", "seller_zip_code_prefix", "seller_city", "seller_state"),
)
PRODUCTS = File(
    table="products",
    names=("products", "olist_products_dataset"),
    columns=(
        "product_id",
        "product_category_name",
        "product_name_length",
        "product_description_length",
        "product_photos_qty",
        "product_weight_g",
        "product_length_cm",
        "product_height_cm",
        "product_width_cm",
    ),
    also_written={  # the publisher's own spelling
        "product_name_lenght": "product_name_length",
        "product_description_lenght": "product_description_length",
    },
)
CATEGORIES = File(
    table="category_translation",
    names=("category_translation", "product_category_name_translation"),
    columns=("product_category_name", "product_category_name_english"),
)
ORDERS = File(
    table="orders",
    names=("orders", "olist_orders_dataset"),
    columns=(
        "order_id",
        "customer_id",
        "order_status",
        "order_purchase_timestamp",
        "order_approved_at",
        "order_delivered_carrier_date",
        "order_delivered_customer_date",
        "order_estimated_delivery_date",
    ),
)
LINES = File(
    table="order_items",
    names=("order_items", "olist_order_items_dataset"),
    columns=(
        "order_id",
        "order_item_id",
        "product_id",
        "seller_id",
        "shipping_limit_date",
        "price",
        "freight_value",
    ),
)
PAYMENTS = File(
    table="order_payments",
    names=("order_payments", "olist_order_payments_dataset"),
    columns=(
        "order_id",
        "payment_sequential",
        "payment_type",
        "payment_installments",
        "payment_value",
    ),
)
REVIEWS = File(
    table="order_reviews",
    names=("order_reviews", "olist_order_reviews_dataset"),
    columns=("review_id", "order_id", "review_score", "review_creation_date"),
)
_GEOLOCATION_COLUMNS = (
    "geolocation_zip_code_prefix",
    "geolocation_lat",
    "geolocation_lng",
    "geolocation_city",
    "geolocation_state",
)
POINT_BY_PREFIX = File(
    table="geolocation_by_zip",
    names=("geolocation_by_zip",),
    columns=_GEOLOCATION_COLUMNS,
)
RAW_POINTS = File(
    table="geolocation_points",
    names=("geolocation_points", "olist_geolocation_dataset"),
    columns=_GEOLOCATION_COLUMNS,
)

FILES = (
    CUSTOMERS,
    SELLERS,
    PRODUCTS,
    CATEGORIES,
    ORDERS,
    LINES,
    PAYMENTS,
    REVIEWS,
    POINT_BY_PREFIX,
    RAW_POINTS,
)
# Olist itself publishes raw points only, all of them, under this name. One point for each prefix is
# then found from them; a sample of raw points does not stand in for it.
ALL_RAW_POINTS = "olist_geolocation_dataset"
