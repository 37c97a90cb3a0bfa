// E02xx: how stages are connected, and what flows between them.

#include "base/codes_table.hpp"

namespace sage {
namespace {

constexpr CodeInfo kCodes[] = {
    {"E0201", "unknown stage",
     "A `from`, or the `at` of a test, names a stage that is not in the file. Without `from` a "
     "stage reads the one above it."},
    {"E0202", "unknown port",
     "After the dot in \"stage.port\" stands the name of one of its outputs, or `errors` for its "
     "dead letters. `sage schema PLUGIN/OPERATOR` lists the outputs of an operator."},
    {"E0203", "the stages form a cycle",
     "A stage reads, directly or through others, what it writes itself. Streams only flow "
     "onwards: change one of the `from` keys named."},
    {"E0204", "a source with an input",
     "A source makes records itself: it takes no `from`, `key_by` or `partition`. Remove the key, "
     "or use an operator that takes an input."},
    {"E0205", "a stage without an input",
     "The operator needs records to work on, and nothing feeds it: the first stage of a file must "
     "be a source, and a stage below a sink needs a `from`."},
    {"E0206", "a sink used as an input",
     "A sink is where a stream ends; it has no output. Let the stage read what the sink reads: "
     "name that stage in `from`. Naming a stage twice sends every record to both readers."},
    {"E0207", "nobody reads an output",
     "The records of this stage go nowhere, so the work is done for nothing. Add a sink, name the "
     "stage in a `from`, or remove it. To throw records away on purpose use `io/null`."},
    {"E0208", "nobody reads the dead letters",
     "With on_error = \"dead_letter\" records in error leave by the port `ID.errors`. Add a stage "
     "with from = \"ID.errors\", such as a file sink, or choose \"skip\" or \"fail\"."},
    {"E0209", "no dead letters to read",
     "A stage reads `ID.errors`, but that stage sends no dead letters. Set its on_error to "
     "\"dead_letter\"."},
    {"E0210", "wrong number of inputs",
     "The operator takes another number of inputs than `from` names. Joins take two, in the order "
     "of the list; other operators take one, or the union of several equal ones."},
    {"E0211", "the schemas of a union differ",
     "Streams can only be united when they have the same fields, with the same types, in the same "
     "order. Put a `record/map` before one of them to make it equal; the message shows the first "
     "difference."},
    {"E0212", "not a usable field for a key",
     "A field of `key_by` is not in the stream, is named twice, or has different types in the "
     "streams of a join. `sage schema FILE --stage ID` prints the fields that come out of a "
     "stage."},
    {"E0213", "a list cannot be a key",
     "Keys are made of texts, data, integers, floats, booleans and timestamps. Make a text of the "
     "list first, or choose another field."},
    {"E0214", "both key_by and partition",
     "`key_by` already decides which instance gets a record: all of one key go to one. Remove one "
     "of the two keys."},
    {"E0215", "forward between different parallelisms",
     "partition = \"forward\" sends instance i to instance i, so both stages need the same number "
     "of instances. Use \"rebalance\", or make the numbers equal."},
    {"E0216", "parallelism above the maximum",
     "A stage has at most `max_parallelism` instances, the number of key groups (128 unless set "
     "under [pipeline]). Raise that number; it is fixed for the life of saved state."},
    {"E0217", "parallelism above what the operator allows",
     "In this place the operator can only work with fewer instances, often one: a stage without "
     "`key_by` cannot divide one result among several."},
    {"E0218", "the operator needs key_by",
     "The operator keeps something for every key, so its stage must say with `key_by` which "
     "fields are the key."},
    {"E0219", "the input does not fit the operator",
     "The operator needs certain fields with certain types, and the stream that reaches it does "
     "not have them. `sage schema PLUGIN/OPERATOR` says what it needs; `record/map` can rename "
     "and convert."},
    {"E0220", "two stages with one id",
     "Stages are told apart by their `id`. Rename one of them, and the `from` of the stages that "
     "read it."},
    {"E0221", "an operator of the wrong kind",
     "`partition` takes a partitioner, and a stage takes anything else: an operator decides by "
     "its kind where it can stand."},
    {"E0222", "the pipeline is empty",
     "A pipeline without a single stage does nothing. It needs at least a source and a sink."},
    {"E0223", "an operator of an unknown kind",
     "The plugin says that the operator is of a kind that this program does not know. A newer "
     "engine may know it."},
    {"E0224", "not a usable schema",
     "A stream has named fields: letters, digits and `_`, not beginning with a digit, at most 63 "
     "characters, none of them twice, and each of a type that the engine knows."},
    {"E0225", "a row of a test does not fit",
     "The rows of `given` have the fields of the first stage's input, the rows of `want` those of "
     "the last stage's output. Every field needs a value of its type: there is no null."},
    {"E0226", "the stages of a test are no path",
     "`at` names the first and the last stage of a piece of the pipeline in which each stage is "
     "read by the next one only. Sources and sinks are not opened in a test, so they cannot be "
     "named."},

    {"W0202", "instances without work",
     "The stage has more instances than can ever get records, as with partition = \"global\", "
     "where only the first one does."},
    {"W0203", "an input is named twice",
     "A `from` names the same stream twice, so every record arrives twice. Name it once unless "
     "that is meant."},
    {"W0204", "uneven shares of the keys",
     "Keys belong to `max_parallelism` groups, and whole groups to instances. Here some instances "
     "get twice as many groups as others. Set max_parallelism under [pipeline] to a multiple of "
     "the parallelism."},
};

}  // namespace

std::span<const CodeInfo> graph_codes() { return kCodes; }

}  // namespace sage
