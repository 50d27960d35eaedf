namespace SeqMnistSweep.Cli.Tests.Architecture;

/// <summary>What was wrong around GPUs, found on a machine without one, each with the test that holds what it is now.</summary>
public sealed class GpuFindingsTests
{
    private const string Fake = "EndToEnd.Tests/Gpu/FakeGpuTests.cs";
    private const string Check = "EndToEnd.Tests/Gpu/GpuCheckTests.cs";
    private const string Selection = "Worker.Tests/Devices/DeviceSelectionTests.cs";
    private const string Model = "Training.Tests/TorchModelTests.cs";
    private const string Trying = "Worker.Tests/Devices/DeviceCheckTests.cs";

    /// <summary>A test's name stands in a file below tests/SeqMnistSweep.*.</summary>
    [Theory]
    [InlineData("a GPU whose CUDA does not start failed every trial", Fake, "A_worker_whose_GPU_fails_sends_its_trials_elsewhere_and_takes_trials_again_when_it_works")]
    [InlineData("neither doctor nor the pre-flight looked at it", Fake, "Auto_trains_on_the_CPU_and_says_why_and_who_names_the_GPU_is_refused")]
    [InlineData("and nothing was computed on it", "Training.Tests/Torch/DeviceTestTests.cs", "A_device_that_computes_right_passes")]
    [InlineData("auto did not fall back to the CPU", Fake, "Auto_trains_on_the_CPU_and_says_why_and_who_names_the_GPU_is_refused")]
    [InlineData("a hung nvidia-smi hung the program", Selection, "A_program_that_does_not_answer_is_given_up")]
    [InlineData("and a hung driver", Trying, "One_that_never_answers_is_killed")]
    [InlineData("run trained on a GPU that a worker held", Check, "Beside_a_worker_a_fake_GPU_takes_nobody_else")]
    [InlineData("slices of a GPU trained on the CPU in silence", Selection, "A_process_gets_one_slice")]
    [InlineData("and under CUDA_VISIBLE_DEVICES", "Worker.Tests/Devices/VisibleDevicesTests.cs", "Of_a_divided_GPU_there_are_its_slices")]
    [InlineData("gpu_memory meant nothing", Fake, "Trials_begin_only_where_a_GPU_has_the_memory_that_they_ask_for")]
    [InlineData("a trial alone was not alone on its device", "Worker.Tests/Grains/TrialGrainTests.cs", "A_runner_that_does_its_work_is_kept_for_the_next_trial_unless_that_needs_the_device_alone")]
    [InlineData("out of memory had other words and was a crash", "Training.Tests/TcnTrainableTests.cs", "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED")]
    [InlineData("a broken GPU went on getting trials after a crash", "Worker.Tests/Devices/DeviceGuardTests.cs", "A_crash_on_a_device_that_fails_its_test_is_the_device_s")]
    [InlineData("and what its driver knew of it stood nowhere", Fake, "A_crash_beside_a_fault_of_the_GPU_is_not_the_trial_s_and_the_worker_tells_of_both")]
    [InlineData("a lock was another one in another temporary folder", "Cli.Tests/Hosting/Cluster/WorkerLifeTests.cs", "A_GPU_is_locked_where_no_other_account_can_look")]
    [InlineData("GPUs were seen through nvidia-smi only", Fake, "Fake H200")]
    [InlineData("nobody knew what a trial has of a GPU's memory", Fake, "A_trial_says_which_GPU_it_had_and_how_much_of_it_and_not_what_others_have")]
    [InlineData("which GPU a trial had stood nowhere", Fake, "A_trial_says_which_GPU_it_had_and_how_much_of_it_and_not_what_others_have")]
    [InlineData("the passes for GPUs had no bench", "Cli.Tests/Benchmarks/Training/BenchTests.cs", "The_passes_for_GPUs_are_timed_on_the_device_that_is_named")]
    [InlineData("dropout on a GPU made another trial of it", Model, "It_drops_what_the_kernels_drop")]
    [InlineData("and cost three kernels a layer", "Training.Tests/Torch/TorchMasksTests.cs", "Every_layer_drops_what_the_CPU_drops_in_small_batches_too")]
    [InlineData("sixteen sums were sixteen copies", "Training.Tests/UnreadBatchesTests.cs", "Sixteen_batches_are_read_by_one_copy_and_the_rest_when_it_is_needed")]
    [InlineData("a GPU evaluated in batches for a CPU's cache", Model, "A_GPU_evaluates_in_larger_batches")]
    [InlineData("the version of libtorch was a constant", "Training.Tests/Native/TorchLibraryTests.cs", "The_version_is_the_loaded_library_s_own_word")]
    [InlineData("a tf32 sweep failed trial by trial on CPUs", "Tests/Scheduling/PlacementConstraintTests.cs", "Trials_of_an_arithmetic_that_only_GPUs_have_go_to_GPUs")]
    public void Has_a_test(string finding, string file, string text) => Finding.HasTest(finding, file, text);
}
