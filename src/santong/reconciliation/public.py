"""The door of reconciliation: statements of providers, what differs, months that are closed."""

from santong.reconciliation.contracts import (
    Category,
    Counted,
    DayOfAccount,
    Difference,
    DifferenceState,
    DocumentPair,
    DocumentsCompared,
    FileFormat,
    FileState,
    StatementFile,
    StatementLine,
)
from santong.reconciliation.errors import (
    DifferenceStatePassed,
    FileStatePassed,
    FileTooLarge,
    FileUnreadable,
    MonthClosed,
    MonthNotClosed,
    MonthNotReady,
    NotOffered,
    SecondPersonNeeded,
)
from santong.reconciliation.providers.work import reconcile_file
from santong.reconciliation.selectors.differences import (
    ages,
    counted,
    days_of_accounts,
    difference_by_id,
    differences_page,
    unexplained,
)
from santong.reconciliation.selectors.files import (
    file_by_id,
    files_page,
    lines_page,
    raw_line,
    unfinished_files,
)
from santong.reconciliation.selectors.invariants import check_invariants
from santong.reconciliation.services.compare_documents import MOST_AT_ONCE, compare_documents
from santong.reconciliation.services.match_file import match_file
from santong.reconciliation.services.set_account import set_account
from santong.reconciliation.services.work_on import explain

__all__ = [
    "MOST_AT_ONCE",
    "Category",
    "Counted",
    "DayOfAccount",
    "Difference",
    "DifferenceState",
    "DifferenceStatePassed",
    "DocumentPair",
    "DocumentsCompared",
    "FileFormat",
    "FileState",
    "FileStatePassed",
    "FileTooLarge",
    "FileUnreadable",
    "MonthClosed",
    "MonthNotClosed",
    "MonthNotReady",
    "NotOffered",
    "SecondPersonNeeded",
    "StatementFile",
    "StatementLine",
    "ages",
    "check_invariants",
    "compare_documents",
    "counted",
    "days_of_accounts",
    "difference_by_id",
    "differences_page",
    "explain",
    "file_by_id",
    "files_page",
    "lines_page",
    "match_file",
    "raw_line",
    "reconcile_file",
    "set_account",
    "unexplained",
    "unfinished_files",
]
