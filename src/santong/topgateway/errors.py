"""The refusals of the router: numbers and words of the platform, which its clients know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from santong.kernel.errors import Conflict

UPLOAD_FAIL: Final = 3
CALL_LIMITED: Final = 7
HTTP_ACTION: Final = 9
UNAVAILABLE: Final = 10
ISV_PERMISSIONS: Final = 11
USER_PERMISSIONS: Final = 12
PARTNER_PERMISSIONS: Final = 13
REMOTE_ERROR: Final = 15
MISSING_METHOD: Final = 21
INVALID_METHOD: Final = 22
INVALID_FORMAT: Final = 23
MISSING_SIGNATURE: Final = 24
INVALID_SIGNATURE: Final = 25
MISSING_SESSION: Final = 26
INVALID_SESSION: Final = 27
MISSING_APP_KEY: Final = 28
INVALID_APP_KEY: Final = 29
MISSING_TIMESTAMP: Final = 30
INVALID_TIMESTAMP: Final = 31
MISSING_VERSION: Final = 32
INVALID_VERSION: Final = 33
UNSUPPORTED_VERSION: Final = 34
MISSING_ARGUMENTS: Final = 40
INVALID_ARGUMENTS: Final = 41
FORBIDDEN_REQUEST: Final = 42
PARAMETER_ERROR: Final = 43
INVALID_ENCODING: Final = 47

MESSAGE_BY_CODE: Final = {
    UPLOAD_FAIL: "Upload Fail",
    CALL_LIMITED: "App Call Limited",
    HTTP_ACTION: "Http Action Not Allowed",
    UNAVAILABLE: "Service Currently Unavailable",
    ISV_PERMISSIONS: "Insufficient ISV Permissions",
    USER_PERMISSIONS: "Insufficient User Permissions",
    PARTNER_PERMISSIONS: "Insufficient Partner Permissions",
    REMOTE_ERROR: "Remote Service Error",
    MISSING_METHOD: "Missing Method",
    INVALID_METHOD: "Invalid Method",
    INVALID_FORMAT: "Invalid Format",
    MISSING_SIGNATURE: "Missing Signature",
    INVALID_SIGNATURE: "Invalid Signature",
    MISSING_SESSION: "Missing Session",
    INVALID_SESSION: "Invalid Session",
    MISSING_APP_KEY: "Missing App Key",
    INVALID_APP_KEY: "Invalid App Key",
    MISSING_TIMESTAMP: "Missing Timestamp",
    INVALID_TIMESTAMP: "Invalid Timestamp",
    MISSING_VERSION: "Missing Version",
    INVALID_VERSION: "Invalid Version",
    UNSUPPORTED_VERSION: "Unsupported Version",
    MISSING_ARGUMENTS: "Missing Required Arguments",
    INVALID_ARGUMENTS: "Invalid Arguments",
    FORBIDDEN_REQUEST: "Forbidden Request",
    PARAMETER_ERROR: "Parameter Error",
    INVALID_ENCODING: "Invalid Encoding",
}


class Refused(Exception):
    """A call that is not carried out. Its number is the platform's; what is wrong stands beside it.

    `sub_code` begins with `isv.` where the caller is at fault and with `isp.` where it may try
    again; `sub_msg` begins with the name of the parameter, if there is one.
    """

    def __init__(self, code: int, sub_code: str = "", sub_msg: str = "") -> None:
        super().__init__(code, sub_code, sub_msg)
        self.code = code
        self.sub_code = sub_code
        self.sub_msg = sub_msg

    @property
    def message(self) -> str:
        return MESSAGE_BY_CODE[self.code]


@dataclass
class AnsweredOtherwise(Conflict):
    """The application has answered this change of points before, and said something else."""

    code: ClassVar[str] = "topgateway.answered_otherwise"
    record_id: str
