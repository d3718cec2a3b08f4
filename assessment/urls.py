"""The addresses of the product: a contract, as others link to them."""

from django.urls import include, path, register_converter
from django.views.i18n import set_language

from assessment.views import (
    account,
    account_data,
    compare,
    dimension,
    erase,
    invite,
    join,
    keep,
    onward,
    organisation,
    organisation_settings,
    people,
    plan,
    public,
    report,
    respond,
    rounds,
    sharing,
    stop_mail,
    what_if,
)
from assessment.views.documents import DocumentConverter

register_converter(DocumentConverter, "document")


urlpatterns = [
    path("", public.home, name="home"),
    path("example/", public.example, name="example"),
    path("example/charts/<str:name>.svg", public.example_chart, {"form": "svg"}, name="example_chart"),
    path("example/charts/<str:name>.png", public.example_chart, {"form": "png"}, name="example_chart_png"),
    path("example/<document:name>", public.example_document, name="example_document"),
    path("methodology/", public.methodology, name="methodology"),
    path("privacy/", public.privacy, name="privacy"),
    path("legal/", public.legal, name="legal"),
    path("language/", set_language, name="set_language"),
    path("health/live", public.live, name="live"),
    path("health/ready", public.ready, name="ready"),
    path("start/", respond.start, name="start"),
    path("r/<str:key>/", respond.respond, name="respond"),
    path("r/<str:key>/review/", respond.review, name="review"),
    path("r/<str:key>/mail/", respond.send_link, name="mail"),
    path("r/<str:key>/correct/", respond.correct_answers, name="correct"),
    path("r/<str:key>/keep/", keep.keep, name="keep"),
    path("keep/<str:token>/", keep.keep_by_link, name="keep_by_link"),
    path("r/<str:key>/erase/", erase.erase_answers, name="erase"),
    path("r/<str:key>/report/", report.report, name="report"),
    path("r/<str:key>/share/", sharing.sharing, name="sharing"),
    path("r/<str:key>/what-if/", what_if.what_if, name="what_if"),
    path("r/<str:key>/what-if/radar.svg", what_if.what_if_chart, name="what_if_chart"),
    path("r/<str:key>/<document:name>", report.document, name="document"),
    path("r/<str:key>/charts/<str:name>.svg", report.chart, {"form": "svg"}, name="chart"),
    path("r/<str:key>/charts/<str:name>.png", report.chart, {"form": "png"}, name="chart_png"),
    path("r/<str:key>/<str:dimension>/", dimension.dimension, name="dimension"),
    path("shared/<str:token>/", report.shared, name="shared"),
    path("shared/<str:token>/<document:name>", report.shared_document, name="shared_document"),
    path("shared/<str:token>/charts/<str:name>.svg", report.shared_chart, {"form": "svg"}, name="shared_chart"),
    path("shared/<str:token>/charts/<str:name>.png", report.shared_chart, {"form": "png"}, name="shared_chart_png"),
    path("join/<str:token>/", join.join_round, name="join"),
    path("mail/stop/<str:token>/", stop_mail.stop_mail, name="stop_mail"),
    path("organisations/", organisation.organisations, name="organisations"),
    path("organisations/<slug:slug>/", organisation.organisation, name="organisation"),
    path(
        "organisations/<slug:slug>/settings/", organisation_settings.organisation_settings, name="organisation_settings"
    ),
    path(
        "organisations/<slug:slug>/export.json", organisation_settings.organisation_export, name="organisation_export"
    ),
    path("organisations/<slug:slug>/delete/", organisation_settings.organisation_delete, name="organisation_delete"),
    path("organisations/<slug:slug>/rounds/start/", rounds.start_next, name="start_next"),
    path("organisations/<slug:slug>/rounds/<int:number>/invite/", invite.invite_colleagues, name="invite"),
    path("organisations/<slug:slug>/rounds/<int:number>/answer/", rounds.answer_round, name="answer_round"),
    path("organisations/<slug:slug>/rounds/<int:number>/close/", rounds.close_round, name="close_round"),
    path("organisations/<slug:slug>/rounds/<int:number>/discard/", rounds.discard_round, name="discard_round"),
    path("organisations/<slug:slug>/rounds/<int:number>/reopen/", rounds.reopen_round, name="reopen_round"),
    path("organisations/<slug:slug>/people/", people.people, name="people"),
    path("invitation/<str:token>/", people.invitation, name="invitation"),
    path("organisations/<slug:slug>/charts/trend.svg", organisation.chart, {"form": "svg"}, name="organisation_chart"),
    path(
        "organisations/<slug:slug>/charts/trend.png", organisation.chart, {"form": "png"}, name="organisation_chart_png"
    ),
    path("organisations/<slug:slug>/compare/", compare.compare, name="compare"),
    path("organisations/<slug:slug>/plan/", plan.plan, name="plan"),
    path("organisations/<slug:slug>/plan/<int:number>/", plan.action, name="action"),
    path("organisations/<slug:slug>/plan.csv", plan.plan_csv, name="plan_csv"),
    path("organisations/<slug:slug>/rounds/<int:number>/", rounds.round_report, name="round"),
    path("organisations/<slug:slug>/rounds/<int:number>/<document:name>", rounds.round_document, name="round_document"),
    path("organisations/<slug:slug>/rounds/<int:number>/what-if/", what_if.round_what_if, name="round_what_if"),
    path(
        "organisations/<slug:slug>/rounds/<int:number>/what-if/radar.svg",
        what_if.round_what_if_chart,
        name="round_what_if_chart",
    ),
    path("organisations/<slug:slug>/rounds/<int:number>/share/", sharing.round_sharing, name="round_sharing"),
    path(
        "organisations/<slug:slug>/rounds/<int:number>/charts/<str:name>.svg",
        rounds.round_chart,
        {"form": "svg"},
        name="round_chart",
    ),
    path(
        "organisations/<slug:slug>/rounds/<int:number>/charts/<str:name>.png",
        rounds.round_chart,
        {"form": "png"},
        name="round_chart_png",
    ),
    path("accounts/", account.account, name="account"),
    path("accounts/continue/", onward.account_continue, name="account_continue"),
    path("accounts/data/", account_data.account_data, name="account_data"),
    path("accounts/data.json", account_data.account_download, name="account_download"),
    path("accounts/delete/", account_data.account_delete, name="account_delete"),
    path("accounts/", include(account.allauth_pages())),
]
