"""Why one may trust what this site says: each claim, the argument for it, and the tests that fail when it does not hold.

Written like an assurance case: whoever doubts a claim finds what to run. `tests/test_trust.py` holds that each test is there.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Claim:
    """What we say, why it holds, and the tests of it as "file::name", the file without `tests/test_` and `.py`."""

    claim: Promise
    argument: Promise
    tests: tuple[str, ...]


SCORE = (
    Claim(
        _("The score follows from the answers and the published rules, and from nothing else."),
        _(
            "The rules were programmed a second time, separately and as plainly as possible. Questionnaires and answers are "
            "invented, and both programs must come to exactly the same numbers, as fractions."
        ),
        ("scoring_properties::test_it_agrees_with_the_naive_implementation",),
    ),
    Claim(
        _("A better answer never lowers a score or a level."),
        _("Of invented answers one is made better, whichever: no score, no level and no range may fall."),
        ("scoring_properties::test_2_a_better_answer_never_lowers_a_score_or_a_level",),
    ),
    Claim(
        _("A next step brings the points that it promises."),
        _(
            "Each step of invented plans is taken, and everything is computed again: the score is the one that was promised."
        ),
        ("scoring_properties::test_7_taking_a_step_gives_exactly_the_promised_score",),
    ),
    Claim(
        _("No plan polishes what is good while its foundation is missing."),
        _(
            "For hundreds of invented organisations each plan is read: what is missing at the base is a step or is named, and"
            " every step is an action that leads to exactly the statement it names."
        ),
        (
            "plan_quality::test_nothing_is_polished_while_a_foundation_of_its_dimension_stands_below_half",
            "plan_quality::test_every_missing_foundation_is_a_step_or_named",
        ),
    ),
    Claim(
        _("A result does not change once it is there, and neither does the questionnaire it was made of."),
        _(
            "A published questionnaire refuses every change, whichever way it comes. Each stored result can be computed again"
            " from its answers at any time; a single changed value is found."
        ),
        (
            "frozen::test_bulk_verbs_refuse_published_rows",
            "rescore::test_every_kind_of_result_is_found_equal",
            "rescore::test_a_changed_column_is_found",
        ),
    ),
    Claim(
        _("Page, PDF, workbook, table and data say the same."),
        _(
            "The numbers of each form are read back out of it and compared, for reports of every kind, in both languages."
        ),
        ("agreement::test_every_form_of_a_report_says_the_same_numbers",),
    ),
    Claim(
        _("A sentence in a report is true of the answers beneath it."),
        _("For invented answers it is worked out separately when each sentence may stand, and the report is read."),
        (
            "true_sentences::test_what_is_said_of_the_whole_is_true",
            "true_sentences::test_what_is_said_of_a_dimension_is_true",
        ),
    ),
    Claim(
        _("A figure of a study is the one that the source gives."),
        _("The articles were read again: their figures, with year and sample, are a table of its own that must agree."),
        ("evidence_seeds::test_each_figure_of_the_articles_is_there_with_its_value_year_and_sample",),
    ),
)
ROUNDS = (
    Claim(
        _("In a confidential round no figure is about fewer than five people whose answers the reader does not know."),
        _(
            "Rounds are invented with people who join, correct, erase and change roles, in several organisations over years. "
            "All figures that were ever shown are put together as equations: none may be solved for fewer than five people."
        ),
        ("inference_rounds::test_all_figures_together_are_about_no_fewer_than_five_people",),
    ),
    Claim(
        _("Nobody can find out who of two colleagues gave which answers."),
        _(
            "The same round is lived through twice with the answers of two people exchanged. Every page, file, mail, time "
            "stamp and query that any reader gets must be the same both times."
        ),
        ("inference::test_who_of_two_said_what_is_nowhere",),
    ),
    Claim(
        _("While a confidential round is open nobody sees who has begun, answered or erased."),
        _("Two rounds that differ in nothing else are compared in the same way."),
        ("inference_progress::test_who_has_begun_answered_or_erased_is_nowhere_while_a_round_is_open",),
    ),
    Claim(
        _("Not even the database ties an invited address to the answers of a confidential round."),
        _("A copy of the whole database is searched: every column is joined with every other one."),
        ("dump::test_nothing_in_the_database_ties_an_invited_address_to_a_response",),
    ),
)
KEPT = (
    Claim(
        _("An answer that was said to be saved is saved."),
        _("Under load the server is killed, and the database taken away: every answer that was confirmed is there."),
        (
            "crash::test_no_acknowledged_answer_is_lost_when_the_server_is_killed_again_and_again_under_load",
            "crash::test_an_outage_of_the_database_is_told_and_passes_and_nothing_acknowledged_is_lost",
        ),
    ),
    Claim(
        _("Nobody gets in where they may not."),
        _(
            "Every address of the site is asked for as every kind of visitor, in every way: each gets what one table says."
        ),
        ("access::test_every_visitor_gets_what_the_table_says",),
    ),
    Claim(
        _("Nobody can lock you out of your account."),
        _(
            "Somebody who knows your address tries everything for ten minutes, from everywhere: you come in at the first try."
        ),
        ("sign_in::test_a_stranger_who_knows_an_address_tries_everything_for_ten_minutes_and_keeps_nobody_out",),
    ),
    Claim(
        _("A mail leaves once, or you are told that it did not."),
        _("The program that sends is killed at any of fifty mails: none is sent twice, and none is forgotten."),
        ("mail_crash::test_a_worker_killed_at_any_mail_sends_none_twice_and_loses_none",),
    ),
    Claim(
        _("What you delete is gone."),
        _("After an account, answers or an organisation were deleted, no row and no page holds anything of them."),
        ("erasing::test_a_deleted_organisation_leaves_nothing_behind",),
    ),
)
BAROMETER = (
    Claim(
        _("Every figure of the live barometer is a sum over whole groups of ten or more organisations."),
        _(
            "Years are invented in which organisations join, withdraw, move and delete. The test keeps a list of its own of "
            "who was summed with whom, and counts every published figure again from it: none tells fewer than ten apart, nor "
            "do all figures of all days together. Rules broken on purpose are found."
        ),
        (
            "barometer_property::test_every_figure_rests_on_whole_batches_of_ten_or_more",
            "barometer_property::test_a_broken_rule_is_found",
        ),
    ),
    Claim(
        _("Shares are so coarse that next to nothing is certain about one organisation of a group."),
        _(
            "An attacker knows each group, its day and the exact numbers, sees all days, and may be one of the group "
            "themselves: of twenty points on average a tenth of one at most is certain. With groups of five and whole "
            "percents it would be three tenths and more."
        ),
        (
            "barometer_property::test_next_to_nothing_is_certain_of_a_member_of_a_known_batch",
            "barometer_property::test_with_batches_of_five_and_whole_percents_more_would_be_certain",
        ),
    ),
    Claim(
        _("What was published does not move when one organisation withdraws, changes or disappears."),
        _(
            "Of those that were counted one stops taking part, changes its sector, erases its answers or is deleted. Nights "
            "later each figure is the same to the byte."
        ),
        ("barometer_nightly::test_what_was_published_moves_by_nothing",),
    ),
    Claim(
        _("Nothing that is stored ties an organisation to a sum."),
        _(
            "That an organisation was counted is stored without date or number, and in random order. Copies of the database "
            "are searched, column by column and for the order of their rows. When an edition closes, sums and lists are "
            "deleted."
        ),
        (
            "barometer_nightly::test_a_dump_names_nobody_s_batch",
            "barometer_nightly::test_on_the_last_day_what_waits_is_sealed_and_all_but_rounded_cells_is_deleted",
        ),
    ),
    Claim(
        _("An organisation counts once a year, and only if it agreed."),
        _(
            "Who did not agree, agreed to an older wording or withdrew is not counted, nor is a second result of the year. "
            "The program that counts is killed while it works, at several points, and run again: nobody counts twice, and "
            "nobody is lost."
        ),
        (
            "barometer_nightly::test_who_is_not_counted",
            "barometer_nightly::test_a_second_result_of_the_year_counts_not_once_more",
            "barometer_nightly::test_a_night_killed_anywhere_and_run_again_counts_nobody_twice_and_loses_nobody",
        ),
    ),
    Claim(
        _("Page, filters, files, charts and peers show the published figures and nothing else."),
        _(
            "All organisations, sums and lists are deleted: each page, file and chart is the same as before. In the invented "
            "years their figures are read back out of them, and those of peers, and compared with the test’s own list."
        ),
        (
            "barometer_page::test_what_is_shown_is_computed_from_the_stored_cells_alone",
            "barometer_property::test_every_figure_of_pages_files_charts_and_peers_is_one_of_whole_batches",
            "peers::test_every_form_of_a_report_says_the_same_of_peers",
        ),
    ),
    Claim(
        _("Invented figures are never mixed with real ones."),
        _(
            "A demonstration has an edition of its own that says so on page, files and charts. Once a real organisation has "
            "agreed, it is shown nowhere any more; no report of a real organisation ever stands beside it."
        ),
        (
            "barometer_page::test_an_invented_edition_says_so_everywhere",
            "barometer_page::test_it_is_not_shown_where_a_real_organisation_agreed_or_beside_a_real_edition",
            "peers::test_invented_figures_stand_beside_demonstrations_alone_and_never_where_somebody_agreed",
        ),
    ),
)
PARTS = (
    (_("The score"), SCORE),
    (_("Rounds with colleagues"), ROUNDS),
    (_("The live barometer"), BAROMETER),
    (_("What is kept"), KEPT),
)
