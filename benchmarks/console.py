"""The console's pages of a merchant with a year of orders behind it.

Everything runs on this machine: the site (one worker), PostgreSQL and the reader, who opens one
page after the other. A page's time is the median of five views after a first one, over HTTP.
"""

from __future__ import annotations

from _console_merchant import open_year
from _console_pages import Reader, Visit, pages_of
from _product import installed, serving
from _report import Report

VIEWS = 5
SLOWEST_MS = 200


def main() -> None:
    report = Report.begin(bench="console", about="Every page of the console with many orders.")
    orders, week, stores = (2_000, 150, 40) if report.is_quick else (1_000_000, 1_500, 300)
    with installed() as cluster:
        report.postgres = str(cluster.programs)
        year = open_year(
            cluster=cluster, orders=orders, week=week, stores=stores, tell=report.progress
        )
        pages = pages_of(merchant_id=year.merchant_id)
        with serving(workers=1) as site:
            readers = {
                login: Reader.log_in(port=site.port, login=login, password=year.password)
                for login in sorted({page.login for page in pages})
            }
            report.progress(f"{len(pages)} pages")
            visits = [readers[page.login].visit(page, views=VIEWS) for page in pages]
    slowest = max(visits, key=lambda visit: visit.median_ms)
    report.figure("slowest_page_ms", slowest.median_ms, aim=f"≤ {SLOWEST_MS}")
    report.figure("slowest_page", slowest.page.name)
    report.figure("pages", len(visits))
    report.figure("orders", year.orders)
    report.figure("slowest_first_view_ms", max(visit.first_ms for visit in visits))
    report.note("median and first view of each page in ms", _told(visits))
    report.end()


def _told(visits: list[Visit]) -> str:
    ordered = sorted(visits, key=lambda visit: -visit.median_ms)
    return "\n" + "\n".join(
        f"  {visit.median_ms:7.1f}  {visit.first_ms:7.1f}  {visit.page.name}" for visit in ordered
    )


if __name__ == "__main__":
    main()
