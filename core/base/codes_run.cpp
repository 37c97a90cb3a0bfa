// E05xx: what can be wrong with one record. E06xx: what can go wrong while a job runs.

#include "base/codes_table.hpp"

namespace sage {
namespace {

constexpr CodeInfo kCodes[] = {
    {"E0501", "a value is malformed or of the wrong type",
     "The record could not be read as its fields demand: a line that is not JSON, a field that is "
     "missing or of another type, an expression that gave something else than it should. "
     "`on_error` of the stage decides whether the job fails, the record is skipped, or becomes a "
     "dead letter."},
    {"E0502", "a value does not fit its type",
     "A number is beyond the range of its field, or has a fraction where the field takes "
     "integers; sums count as well. Nothing is ever rounded or wrapped in silence."},
    {"E0503", "the operator failed on a record",
     "A function of the operator threw an exception, or an expression ended in an error, while "
     "working on this record. The message is the operator's own."},
    {"E0504", "a partitioner's index is out of range",
     "A custom partitioner must answer with a number from 0 to one below the number of instances "
     "it was told. The record is not sent anywhere else instead."},
    {"E0505", "a record is too large",
     "A record may have 16 MiB. A source reports a longer one and goes on behind it. Split it "
     "before it enters the stream, or pass on where it is stored."},
    {"E0506", "one record became too many",
     "What an operator makes of a single record may have 64 MiB, and this one gave more. Let the "
     "operator give less per record, or divide the record first."},
    {"E0507", "retries are used up",
     "A call was repeated as often as the stage's `retry` allows and never succeeded, so the "
     "records of that call count as failed. The last reason is in the message."},

    {"E0601", "a record error ended the job",
     "With on_error = \"fail\", the default, the first record error of a stage ends the job and "
     "nothing is committed. Repair the data, or choose \"skip\" or \"dead_letter\" for that "
     "stage. The message names stage, instance, reason and record."},
    {"E0602", "an operator failed",
     "A call of the operator ended with an error that concerns more than one record, so the job "
     "cannot go on. The message is the operator's own. Nothing is committed."},
    {"E0603", "an operator could not be created",
     "The operator refused to begin with these options. The message is the operator's own."},
    {"E0604", "an operator could not be opened",
     "The operator could not get what it needs to begin: a file, a folder, a connection. The "
     "message is the operator's own."},
    {"E0605", "a sink could not make its output safe",
     "At the end of the job a sink writes out what it holds, before any sink commits. This one "
     "could not, so no sink commits: what is there lies under `staged/`. A full disk is the usual "
     "cause."},
    {"E0606", "the job was cancelled", "It was stopped before its end, and nothing is committed."},
    {"E0607", "a sink could not commit",
     "All sinks had written their output safely and the decision to commit was made, but this one "
     "could not move its files into place. They lie under `staged/`, complete, until the next "
     "job writes there: move them by hand before that. What other sinks committed stays."},
    {"E0608", "an operator broke a rule of the interface",
     "The operator answered with something that the plugin interface does not allow, such as "
     "records outside its buffers or an output that it does not have. This is a bug of the "
     "plugin."},
    {"E0610", "a test failed",
     "The rows that came out are not the rows that the test wants. The rows that are missing and "
     "the rows that are too many are listed; their order does not matter."},
    {"E0611", "a test could not run",
     "The stages of the test failed on the given rows, as they would in a job. The reason is in "
     "the message."},
    {"E0612", "records do not add up",
     "At the end the counts of a stage or channel contradict each other: records were lost or "
     "counted twice. This is a bug of the engine or of a plugin; please report it."},
    {"E0613", "the process has no more threads or descriptors",
     "A job has a thread for each CPU and one for each instance of a stage that may block, and "
     "each of them needs three descriptors. Raise the limits (`ulimit -n`, `ulimit -u`), or lower "
     "the parallelism of those stages."},
    {"E0614", "an operator ended the process",
     "Plugins run inside the process of the job, so a crash of one (a bad pointer, an assertion) "
     "or a call of exit() ends the job with it. This is a bug of the plugin that is named; no "
     "report is written. Sinks have committed nothing where it happened in a call that works on "
     "records; in `commit` some of them may have, and in `close` after the end of the input all."},

    {"W0601", "an operator blocks others",
     "A call into the operator has not returned for more than a second, and everything that shares "
     "its thread has to wait. An operator that sleeps or talks to a server should declare "
     "MAY_BLOCK, so that the engine can give it a thread of its own."},
    {"W0602", "an operator does not come back",
     "The job was cancelled or has failed, which every operator is told, but this call went on for "
     "seconds. The process ends without it: what the operator would have cleaned up stays. "
     "Operators that wait should look at `cancel` of their context (C++: ctx.cancelled()) now and "
     "then, or take `interrupt`."},
};

}  // namespace

std::span<const CodeInfo> run_codes() { return kCodes; }

}  // namespace sage
