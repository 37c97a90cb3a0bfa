// E00xx and E01xx: what can be wrong in the text of a pipeline file.

#include "base/codes_table.hpp"

namespace sage {
namespace {

constexpr CodeInfo kCodes[] = {
    {"E0001", "internal error",
     "Something that the engine takes for granted did not hold. This is a bug of the engine, not "
     "of your pipeline. Please report it with the whole message and, if you can, the pipeline "
     "file."},

    {"E0101", "the file is not valid TOML",
     "The text breaks a rule of TOML at the place shown, or just before it: a quote or bracket "
     "that is not closed, a value without quotes, two keys on one line. What follows that place "
     "has not been looked at, so more may be reported once it is right. TOML is described at "
     "toml.io."},
    {"E0102", "the file is not UTF-8 text",
     "Pipeline files are UTF-8. At the place shown is a byte that cannot be part of it; perhaps "
     "the file was saved in Latin-1 or is no text file at all. Convert it, for example with "
     "`iconv -f LATIN1 -t UTF-8`."},
    {"E0103", "a NUL byte in the file",
     "Text files hold no byte with the value 0. The file is damaged, is not a text file, or was "
     "saved as UTF-16. Within a quoted text a NUL may be written as \\u0000."},
    {"E0104", "nested too deeply",
     "Brackets and the parts of dotted keys together may be nested 200 levels deep, and one key "
     "may have 64 dotted parts. No pipeline needs that; a bracket is probably not closed."},
    {"E0105", "the file is too large",
     "A pipeline file may have 16 MiB, a file named in ${file:...} 1 MiB, and what interpolation "
     "makes of all values 64 MiB. Large data belongs in a file that an operator reads."},
    {"E0106", "unknown key",
     "This key means nothing here. It may be mistyped, or stand in the wrong table: options of an "
     "operator belong into `with`, and keys that follow a [[stage]] header belong to that stage. "
     "`sage schema pipeline` lists every key."},
    {"E0107", "unknown option",
     "The operator has no option with this name. `sage schema PLUGIN/OPERATOR` lists its options "
     "with types and defaults. Keys of the engine, such as `parallelism` and `key_by`, stand "
     "beside `with`, not in it."},
    {"E0108", "a key is given twice",
     "TOML allows each key once in a table, and each [table] header once. Remove one of the two, "
     "or write [[stage]] with two brackets where you mean another stage."},
    {"E0109", "a key is missing", "The table shown needs this key and has no default for it."},
    {"E0110", "wrong type",
     "The value is of another type than the key needs: a number in quotes is text, and true and "
     "false stand without quotes. Text that came from ${...} is converted to the type needed, "
     "other text is not."},
    {"E0111", "out of range", "The number is smaller or larger than this key allows."},
    {"E0112", "value not allowed",
     "The key takes one of a few values, and this is none of them; or a text or list is empty, or "
     "a list names something twice."},
    {"E0113", "not a duration",
     "A duration is text with a number and a unit, largest unit first: \"10s\", \"500ms\", "
     "\"1m30s\", \"1.5h\". Units are ns, us, ms, s, m, h and d."},
    {"E0114", "not a number of bytes",
     "A size is a number of bytes or text with a unit: \"512MB\" and \"8GB\" count in powers of "
     "1000, \"512MiB\" and \"8GiB\" in powers of 1024. Units are B, kB, MB, GB, TB, KiB, MiB, GiB "
     "and TiB."},
    {"E0115", "not a name",
     "Names of pipelines and stages have 1 to 63 characters: lower-case letters, digits, `-` and "
     "`_`, beginning with a letter or digit. They become parts of file names and metric names."},
    {"E0116", "a name is used twice",
     "The names of tests must differ, as reports refer to them. Two stages of one name are E0220."},
    {"E0117", "not an operator name",
     "Operators are named \"plugin/operator\", such as \"io/file\", or with a version "
     "\"plugin@1.2/operator\". `sage plugin list` shows what there is."},
    {"E0118", "undefined variable",
     "${NAME} stands for a variable of the environment, and there is none with this name. Set it "
     "for this command (NAME=value sage run ...), or give a default: ${NAME:-default}."},
    {"E0119", "not an interpolation",
     "After ${ comes the name of a variable, optionally with a default (${NAME:-default}), or "
     "file:PATH or cred:NAME, and then a closing }. None of these can stand inside another: a "
     "default is plain text. To write ${ itself, double the dollar: $${."},
    {"E0120", "a file of an interpolation cannot be read",
     "${file:PATH} stands for what a regular file of UTF-8 text holds, without the last newline. "
     "The path is relative to the current directory, not to the pipeline file."},
    {"E0121", "unsupported version of the file format",
     "The key `sage` says which version of the format the file is written in. This program reads "
     "version 1. A newer file needs a newer program."},
    {"E0122", "not supported yet",
     "The key is known, but this version of the engine cannot do what it asks for, and leaving it "
     "out would change the results. Keys that change no results only warn (W0102)."},
    {"E0123", "no stages",
     "A pipeline needs at least one stage, written as a [[stage]] table with an `id` and a `use`. "
     "The file may be empty, or be another kind of TOML file."},
    {"E0124", "an interpolated value has the wrong type",
     "The key needs a value of another type, such as a number, and what ${...} stands for here, or "
     "--set gives, cannot be read as one. Look at the variable's value."},
    {"E0125", "an override does not fit",
     "--set takes STAGE.KEY=VALUE, STAGE.with.OPTION=VALUE, pipeline.KEY=VALUE or "
     "cluster.KEY=VALUE, and -P takes STAGE=NUMBER. The stage must exist, and a dotted path can "
     "only lead through tables."},

    {"W0101", "no effect under `sage run`",
     "The key is for clusters: `sage run` uses one process of one machine, and neither reserves "
     "nor limits resources, nor places anything. The rows that come out are the same."},
    {"W0102", "accepted, not supported yet",
     "The key has been checked, and this version does nothing with it. Results do not depend on "
     "it, but what it promises, such as going on after a crash, does not happen."},
};

}  // namespace

std::span<const CodeInfo> file_codes() { return kCodes; }

}  // namespace sage
