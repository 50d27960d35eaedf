namespace SeqMnistSweep.Cli.Tests.Architecture;

/// <summary>What users of Python met when they came from W&amp;B, Optuna or Ray Tune, each with the test that holds what it is now.</summary>
public sealed class PythonFindingsTests
{
    private const string Shapes = "EndToEnd.Tests/ReportShapeTests.cs";
    private const string Pages = "EndToEnd.Tests/PythonPageTests.cs";
    private const string Modules = "Worker.Tests/Programs/PythonModulesTests.cs";
    private const string Programs = "Worker.Tests/Programs/ExternalProgramTests.cs";
    private const string Studies = "Cli.Tests/Imports/OptunaStudiesTests.cs";
    private const string Finished = "Cli.Tests/Imports/FinishedSweepTests.cs";
    private const string Failures = "Tests/Scheduling/FirstFailuresTests.cs";
    private const string Files = "Tests/SweepFiles/SweepFileTests.cs";

    /// <summary>Text that stands in a file below tests/SeqMnistSweep.*: a test's name or a sample of its table.</summary>
    [Theory]
    [InlineData("A1: a trial without the metric was completed", Shapes, "Each_shape_has_its_value_or_a_cause_that_names_what_it_was")]
    [InlineData("A1: and was ranked", Failures, "Trials_that_end_without_the_sweeps_metric_have_failed_and_after_a_few_the_sweep_has_too")]
    [InlineData("A2: the second line of an epoch was thrown away", Shapes, "\"two lines\"")]
    [InlineData("A3: a dump of the configuration was an epoch", Shapes, "\"configuration\"")]
    [InlineData("A4: epochs from 0 killed the trial", Shapes, "\"from 0\"")]
    [InlineData("A5: seeds did not reach a program", Shapes, "Seeds_reach_the_program_and_its_values_differ")]
    [InlineData("A5: and nothing warned", "Tests/SweepFiles/broken-sweeps.txt", "W318")]
    [InlineData("A6: files were deleted", "Worker.Tests/TrialInputs/TrialFilesTests.cs", "Files_and_log_are_on_the_head_when_the_end_is_told_and_nothing_stays_here")]
    [InlineData("A7: best kept the last", "Tests/Scheduling/CheckpointRulesTests.cs", "Of_a_program_the_best_is_kept_with_the_last_two_while_it_runs_and_alone_when_it_has_ended")]
    [InlineData("A8: an exported study had other distributions", "Cli.Tests/Imports/OptunaSweepTests.cs", "A_sweep_of_every_distribution_goes_on_in_Optuna")]
    [InlineData("A9: studies were mixed", Studies, "Of_several_studies_one_is_named_and_one_of_several_objectives_is_refused")]
    [InlineData("A10: a fast program outran its verdicts", Modules, "A_program_that_asks_waits_at_its_rungs_and_hears_every_verdict")]
    [InlineData("A10: and its checkpoints", Modules, "A_checkpoint_is_copied_before_the_program_goes_on")]
    [InlineData("B11: a broken script went on for ever", Failures, "A_sweep_ends_when_its_first_configurations_all_fail_at_their_start")]
    [InlineData("B11: a missing one was started", "Worker.Tests/Programs/ProgramFileTests.cs", "A_program_that_is_not_there_is_told_with_where_it_may_be")]
    [InlineData("B12: no --count", "Tests/SweepFiles/CappedFileTests.cs", "The_sweep_is_that_of_a_file_with_the_cap")]
    [InlineData("C13: min_iter with s was refused", "Tests/SweepFiles/broken-sweeps.txt", "=== Hyperband with s beside min_iter, as W&B takes it | W317")]
    [InlineData("C14: a missing program was said thirty times", "Tests/SweepFiles/broken-sweeps.txt", "=== A file for wandb.agent(function=) without a program | W103:1:1")]
    [InlineData("C15: an unknown key of one's own was refused", "Tests/SweepFiles/broken-sweeps.txt", "=== A remark of somebody's | W320")]
    [InlineData("C16: notes were warnings", Files, "Notes_are_a_line_each_and_are_not_counted")]
    [InlineData("C16: val_acc and its like were not warned of", Files, "What_is_better_when_larger_and_is_minimised_is_warned_of")]
    [InlineData("D17: nothing for Python", "Worker.Tests/Programs/WandbScriptTests.cs", "The_sweep_has_the_values_that_the_script_prints")]
    [InlineData("D18: no steps", Modules, "A_script_of_W_and_B_reports_as_it_is")]
    [InlineData("D19: a checkpoint was one file", "Worker.Tests/TrialInputs/CheckpointTravelTests.cs", "A_folder_comes_back_under_its_own_name_and_a_file_with_its_suffix")]
    [InlineData("D20: a promotion without checkpoints was silent", "Tests/Scheduling/PromotionTests.cs", "Occurrence.CannotPause")]
    [InlineData("D21: logs were lost with their worker", "Cli.Tests/Commands/FilesCommandTests.cs", "Logs_that_workers_have_brought_are_read_without_a_head")]
    [InlineData("D22: nobody knew what ran", Programs, "What_ran_is_known")]
    [InlineData("D23: no trial on several GPUs", Programs, "It_sees_as_many_GPUs_of_its_slot_as_it_needs")]
    [InlineData("D23: no environment", Programs, "Variables_of_the_sweep_file_stand_over_the_workers")]
    [InlineData("D24: nested parameters for LightningCLI and Hydra", "Worker.Tests/Programs/CommandTemplateTests.cs", "args_dotted")]
    [InlineData("D25: the only configuration hid its parameters", Pages, "## From Ray Tune")]
    [InlineData("E: SQLite was read as a table", Studies, "A_database_of_something_else_is_named_as_such")]
    [InlineData("E: tables of others had other columns", "Cli.Tests/Imports/TableRunsTests.cs", "Tables_of_other_tools_are_read_by_their_states_and_prefixes")]
    [InlineData("E: killed and NaN runs counted", Finished, "Only_a_run_that_finished_with_a_finite_value_is_completed")]
    [InlineData("E: no history as history", Finished, "A_run_has_its_parameters_its_value_and_its_curve")]
    [InlineData("F: no word of pandas", Pages, "What_it_says_of_notebooks_runs_as_printed")]
    public void Has_a_test(string finding, string file, string text) => Finding.HasTest(finding, file, text);
}
