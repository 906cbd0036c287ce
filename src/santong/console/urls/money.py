"""Where money answers."""

from __future__ import annotations

from django.urls import path

from santong.console.views import (
    cards,
    claims,
    invoices,
    money_exceptions,
    months,
    parties,
    payment_accounts,
    payment_commands,
    payments,
    payouts,
    reconciliation,
    reconciliation_commands,
    rule_decisions,
    rule_drafts,
    share_rules,
    shares,
    statements,
)

urlpatterns = [
    path("console/payments/", payments.intent_list, name="payments"),
    path("console/payments/exceptions/", money_exceptions.queue, name="money_exceptions"),
    path("console/payments/accounts/", payment_accounts.account_list, name="payment_accounts"),
    path(
        "console/payments/accounts/new/", payment_accounts.new_account, name="payment_account_new"
    ),
    path(
        "console/payments/accounts/open/",
        payment_accounts.open_account,
        name="payment_account_open",
    ),
    path(
        "console/payments/accounts/<payment_account_id>/",
        payment_accounts.account_detail,
        name="payment_account",
    ),
    path(
        "console/payments/accounts/<payment_account_id>/change/",
        payment_accounts.change_account,
        name="payment_account_change",
    ),
    path(
        "console/payments/accounts/<payment_account_id>/close/",
        payment_accounts.close_account,
        name="payment_account_close",
    ),
    path(
        "console/payments/accounts/<payment_account_id>/reopen/",
        payment_accounts.reopen_account,
        name="payment_account_reopen",
    ),
    path("console/payments/<intent_id>/", payments.intent_detail, name="payment"),
    path("console/payments/<intent_id>/cancel/", payment_commands.cancel, name="payment_cancel"),
    path(
        "console/payments/<intent_id>/ask-again/",
        payment_commands.ask_again,
        name="payment_ask_again",
    ),
    path(
        "console/payments/<intent_id>/refund/",
        payment_commands.refund_form,
        name="payment_refund",
    ),
    path(
        "console/payments/<intent_id>/refund/give-back/",
        payment_commands.give_back,
        name="payment_give_back",
    ),
    path(
        "console/payments/<intent_id>/refunds/<refund_id>/retry/",
        payment_commands.retry,
        name="refund_retry",
    ),
    path(
        "console/payments/<intent_id>/refunds/<refund_id>/give-up/",
        payment_commands.give_up,
        name="refund_give_up",
    ),
    path(
        "console/payments/<intent_id>/parts/<part_id>/confirm/",
        payment_commands.confirm,
        name="refund_confirm",
    ),
    path("console/reconciliation/", reconciliation.calendar, name="reconciliation"),
    path(
        "console/reconciliation/files/receive/",
        reconciliation_commands.receive,
        name="statement_receive",
    ),
    path(
        "console/reconciliation/files/<file_id>/",
        reconciliation.file_detail,
        name="provider_file",
    ),
    path("console/reconciliation/differences/", reconciliation.difference_list, name="differences"),
    path(
        "console/reconciliation/differences/<difference_id>/",
        reconciliation.difference_detail,
        name="difference",
    ),
    path(
        "console/reconciliation/differences/<difference_id>/work/",
        reconciliation_commands.work,
        name="difference_work",
    ),
    path("console/reconciliation/months/", months.month, name="months"),
    path("console/reconciliation/months/close/", reconciliation_commands.close, name="month_close"),
    path(
        "console/reconciliation/months/reopen/", reconciliation_commands.reopen, name="month_reopen"
    ),
    path("console/shares/", shares.share_list, name="shares"),
    path("console/shares/orders/<order_id>/", shares.shares_of_order, name="shares_of_order"),
    path("console/share-rules/", share_rules.rule_set_list, name="share_rules"),
    path("console/share-rules/drafts/new/", rule_drafts.form, name="rule_draft_new"),
    path("console/share-rules/drafts/new/again/", rule_drafts.again, name="rule_draft_new_again"),
    path("console/share-rules/drafts/new/save/", rule_drafts.save, name="rule_draft_new_save"),
    path("console/share-rules/drafts/<rule_draft_id>/", rule_decisions.detail, name="rule_draft"),
    path(
        "console/share-rules/drafts/<rule_draft_id>/edit/", rule_drafts.form, name="rule_draft_edit"
    ),
    path(
        "console/share-rules/drafts/<rule_draft_id>/edit/again/",
        rule_drafts.again,
        name="rule_draft_edit_again",
    ),
    path(
        "console/share-rules/drafts/<rule_draft_id>/edit/save/",
        rule_drafts.save,
        name="rule_draft_edit_save",
    ),
    path(
        "console/share-rules/drafts/<rule_draft_id>/publish/",
        rule_decisions.publish,
        name="rule_draft_publish",
    ),
    path(
        "console/share-rules/drafts/<rule_draft_id>/decline/",
        rule_decisions.decline,
        name="rule_draft_decline",
    ),
    path(
        "console/share-rules/drafts/<rule_draft_id>/withdraw/",
        rule_decisions.withdraw,
        name="rule_draft_withdraw",
    ),
    path("console/share-rules/<rule_set_id>/", share_rules.rule_set_detail, name="share_rule_set"),
    path("console/parties/", parties.party_list, name="parties"),
    path("console/parties/<party_id>/", parties.party_detail, name="party"),
    path("console/parties/<party_id>/receiver/", parties.name_receiver, name="party_receiver"),
    path("console/payouts/", payouts.run_list, name="payouts"),
    path("console/payouts/begin/", payouts.begin, name="payouts_begin"),
    path("console/payouts/<payout_run_id>/", payouts.run_detail, name="payout_run"),
    path("console/payouts/<payout_run_id>/approve/", payouts.approve, name="payout_approve"),
    path("console/payouts/<payout_run_id>/cancel/", payouts.cancel, name="payout_cancel"),
    path("console/payouts/lines/<payout_line_id>/retry/", payouts.retry, name="payout_retry"),
    path("console/statements/", statements.statement_list, name="statements"),
    path("console/statements/close-month/", statements.close_month, name="statements_close"),
    path("console/statements/<statement_id>/", statements.statement_detail, name="statement"),
    path(
        "console/statements/<statement_id>/file/", statements.statement_file, name="statement_file"
    ),
    path(
        "console/statements/<statement_id>/confirm/", statements.confirm, name="statement_confirm"
    ),
    path(
        "console/statements/<statement_id>/lines/<entry_id>/dispute/",
        statements.dispute,
        name="statement_dispute",
    ),
    path("console/claims/<claim_id>/accept/", claims.accept, name="claim_accept"),
    path("console/claims/<claim_id>/refuse/", claims.refuse, name="claim_refuse"),
    path("console/invoices/", invoices.invoice_list, name="invoices"),
    path(
        "console/invoices/orders/<order_id>/", invoices.invoices_of_order, name="invoices_of_order"
    ),
    path("console/invoices/orders/<order_id>/issue/", invoices.issue, name="invoice_issue"),
    path("console/invoices/<invoice_id>/", invoices.invoice_detail, name="invoice"),
    path("console/invoices/<invoice_id>/ask-anew/", invoices.ask_anew, name="invoice_ask_anew"),
    path("console/cards/", cards.card_list, name="cards"),
    path(
        "console/cards/programmes/<card_programme_code>/",
        cards.programme_detail,
        name="card_programme",
    ),
    path("console/cards/<card_id>/", cards.card_detail, name="card"),
    path("console/cards/<card_id>/freeze/", cards.freeze, name="card_freeze"),
    path("console/cards/<card_id>/unfreeze/", cards.unfreeze, name="card_unfreeze"),
    path("console/cards/<card_id>/extend/", cards.extend, name="card_extend"),
    path("console/cards/<card_id>/end/", cards.end, name="card_end"),
]
