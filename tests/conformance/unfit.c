/* A plugin whose operators break one rule each, but for those called `fit...`, which
 * break none. */
#include <sage/ext/config.h>
#include <sage/ext/roles.h>
#include <sage/note.h>

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <stdlib.h>
#include <string.h>

SAGE_NOTE("unfit", "1.0.0");

/* An operator with its one role. */
struct unfit {
  sage_operator op;
  const char* role_id;
  const void* role;
};

static const void* get_role(const sage_operator* op, const char* id) {
  const struct unfit* self = (const struct unfit*)op;
  return strcmp(id, self->role_id) == 0 ? self->role : NULL;
}

static sage_status create(const sage_operator* op, sage_ctx* ctx, const struct sage_config* config,
                          void** self) {
  (void)op, (void)ctx, (void)config;
  *self = calloc(1, sizeof(void*));
  return SAGE_OK;
}

static sage_status create_never(const sage_operator* op, sage_ctx* ctx,
                                const struct sage_config* config, void** self) {
  static const char kWhy[] = "the moon is not full";
  (void)op, (void)config, (void)self;
  ctx->set_error(ctx, kWhy, sizeof kWhy - 1);
  return SAGE_E_CONFIG;
}

static sage_status create_trusting(const sage_operator* op, sage_ctx* ctx,
                                   const struct sage_config* config, void** self) {
  const sage_bytes mode = config->as_text(config->get(config, "mode"));
  if (mode.ptr[0] == '(') { /* crashes where it is no text */
    return SAGE_E_CONFIG;
  }
  return create(op, ctx, config, self);
}

static void destroy(void* self) { free(self); }

/* Remembers that there was something. */
static sage_status count(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  (void)ctx, (void)in, (void)out;
  *(uintptr_t*)self = 1;
  return SAGE_FORWARD;
}

static sage_status forward(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  (void)self, (void)ctx, (void)in, (void)out;
  return SAGE_FORWARD;
}

static sage_status exit_on_many(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  if (in->count == 65536) {
    exit(3);
  }
  return forward(self, ctx, in, out);
}

static sage_status abort_on_none(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  if (in->count == 0) {
    abort();
  }
  return forward(self, ctx, in, out);
}

static sage_status abort_on_rows(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  if (in->rows != NULL) {
    abort();
  }
  return forward(self, ctx, in, out);
}

static sage_status need_keys(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  return in->count == 0 || in->keys != NULL ? forward(self, ctx, in, out) : SAGE_E_FAIL;
}

/* The first pointer of what it emits leads out of the record. */
static sage_status emit_malformed(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  const sage_schema* schema = ctx->outputs[0];
  const uint64_t words = schema->data_words + schema->ptr_words;
  uint64_t* record = (uint64_t*)calloc(words, 8);
  (void)self;
  record[schema->data_words] = ((uint64_t)1000 << 2) | 1 | (uint64_t)2 << 32 | (uint64_t)64 << 35;
  const sage_status status =
      in == NULL || in->count > 0 ? out->emit(out, 0, SAGE_NO_TS, record, words * 8) : SAGE_OK;
  free(record);
  return status;
}

static sage_status poll_malformed(void* self, sage_ctx* ctx, uint32_t max, sage_out* out) {
  (void)max;
  const sage_status status = emit_malformed(self, ctx, NULL, out);
  return status == SAGE_OK ? SAGE_END : status;
}

static sage_status poll_once(void* self, sage_ctx* ctx, uint32_t max, sage_out* out) {
  const uint64_t record[2] = {7, 0};
  (void)self, (void)ctx, (void)max;
  const sage_status status = out->emit(out, 0, SAGE_NO_TS, record, sizeof record);
  return status == SAGE_OK ? SAGE_END : status;
}

static sage_status abort_on_long(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  for (uint32_t i = 0; i < in->count; ++i) {
    if (in->records[i].len > 100000) {
      abort();
    }
  }
  return forward(self, ctx, in, out);
}

static sage_status edit_bytes(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  if (in->count > 0) {
    in->buffers[in->records[0].buf].data[in->records[0].off] ^= 1;
  }
  return forward(self, ctx, in, out);
}

static sage_status edit_envelope(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  if (in->count > 0 && (in->flags & SAGE_BATCH_WRITABLE) != 0) {
    ((sage_record*)in->records)[0].ts = 7;
    return SAGE_IN_PLACE;
  }
  return forward(self, ctx, in, out);
}

static sage_status leave_memory(void* self, sage_ctx* ctx) {
  (void)ctx;
  *(void**)self = malloc(40);
  return SAGE_OK;
}

static sage_status leave_descriptor(void* self, sage_ctx* ctx) {
  (void)self, (void)ctx;
  return open("/dev/null", O_RDONLY | O_CLOEXEC) < 0 ? SAGE_E_IO : SAGE_OK;
}

/* Memory that malloc knows nothing of. */
static sage_status leave_pages(void* self, sage_ctx* ctx) {
  const size_t size = 256u << 10;
  void* const pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  (void)self, (void)ctx;
  if (pages == MAP_FAILED) {
    return SAGE_E_NOMEM;
  }
  memset(pages, 1, size);
  return SAGE_OK;
}

static void* sleep_long(void* nothing) {
  sleep(1000);
  return nothing;
}

static sage_status leave_thread(void* self, sage_ctx* ctx) {
  pthread_t thread;
  (void)self, (void)ctx;
  return pthread_create(&thread, NULL, sleep_long, NULL) == 0 ? SAGE_OK : SAGE_E_FAIL;
}

static sage_status hang_on_nothing(void* self, sage_ctx* ctx, sage_out* out) {
  (void)ctx, (void)out;
  while (*(uintptr_t*)self == 0) {
    pause();
  }
  return SAGE_OK;
}

/* Uses in interrupt what close has given back. */
static sage_status take(void* self, sage_ctx* ctx) {
  (void)ctx;
  *(void**)self = calloc(1, 8);
  return SAGE_OK;
}
static void give_back_and_spoil(void* self, sage_ctx* ctx) {
  (void)ctx;
  free(*(void**)self);
  *(void**)self = (void*)(uintptr_t)8;
}
static void give_back(void* self, sage_ctx* ctx) {
  (void)ctx;
  free(*(void**)self);
  *(void**)self = NULL;
}
static void use(void* self) {
  volatile int* const taken = *(int**)self;
  if (taken != NULL) {
    *taken = 1;
  }
}

static sage_status route_beyond(void* self, sage_ctx* ctx, const sage_batch* in, uint32_t n,
                                uint32_t* target) {
  (void)self, (void)ctx;
  for (uint32_t i = 0; i < in->count; ++i) {
    target[i] = n;
  }
  return SAGE_OK;
}

static sage_status write_nothing(void* self, sage_ctx* ctx, const sage_batch* in) {
  (void)self, (void)ctx, (void)in;
  return SAGE_OK;
}
static sage_status prepare(void* self, sage_ctx* ctx, sage_bytes* handle) {
  (void)self, (void)ctx, (void)handle;
  return SAGE_OK;
}
static sage_status commit(void* self, sage_ctx* ctx, sage_bytes handle) {
  (void)self, (void)ctx, (void)handle;
  return SAGE_OK;
}
static sage_status commit_once(void* self, sage_ctx* ctx, sage_bytes handle) {
  const sage_status status = *(void**)self == NULL ? SAGE_OK : SAGE_E_STATE;
  (void)ctx, (void)handle;
  *(void**)self = (void*)(uintptr_t)1;
  return status;
}

#define TRANSFORM(name, function) \
  static const sage_role_transform name = {sizeof(sage_role_transform), 0, function, NULL}
TRANSFORM(kForward, forward);
TRANSFORM(kCounts, count);
TRANSFORM(kKeyed, need_keys);
TRANSFORM(kNone, abort_on_none);
TRANSFORM(kRowsRead, abort_on_rows);
TRANSFORM(kExits, exit_on_many);
TRANSFORM(kMalformed, emit_malformed);
TRANSFORM(kAborts, abort_on_long);
TRANSFORM(kEdits, edit_bytes);
TRANSFORM(kEditsEnvelope, edit_envelope);
static const sage_role_source kBadSource = {sizeof kBadSource, 0, poll_malformed};
static const sage_role_source kSource = {sizeof kSource, 0, poll_once};
static const sage_role_partition kBeyond = {sizeof kBeyond, 0, route_beyond};
static const sage_role_sink kSink = {sizeof kSink, 0, write_nothing, prepare, commit, NULL};
static const sage_role_sink kOnce = {sizeof kOnce, 0, write_nothing, prepare, commit_once, NULL};

/* Takes part in everything: has an answer to roles that nobody knows. */
static const void* get_any_role(const sage_operator* op, const char* id) {
  (void)op;
  return strcmp(id, SAGE_ROLE_TRANSFORM) == 0 || strstr(id, "role.of_no") != NULL ? &kForward
                                                                                  : NULL;
}

static const void* get_new_role(const sage_operator* op, const char* id) {
  static sage_role_transform roles[2];
  static int turn;
  (void)op;
  if (strcmp(id, SAGE_ROLE_TRANSFORM) != 0) {
    return NULL;
  }
  turn = 1 - turn;
  roles[turn] = kForward;
  return &roles[turn];
}

static const sage_port kAny = {sizeof kAny, 0, "", NULL};
static const sage_field kFields[] = {{"n", SAGE_INT64, 0}, {"word", SAGE_TEXT, 0}};
static const sage_port kRows = {sizeof kRows, 2, "", kFields};
static const sage_port* const kAnyPort[] = {&kAny};
static const sage_port* const kRowsPort[] = {&kRows};
static const sage_option kMode = {sizeof kMode, SAGE_OPT_TEXT, 0,    0, "mode",
                                  "",           "\"a\"",       NULL, 0, 0};
static const sage_option kWrong = {sizeof kWrong, SAGE_OPT_INT, 0, 0, "n", "", "\"a\"", NULL, 0, 0};
static const sage_option kNeeded = {
    sizeof kNeeded, SAGE_OPT_TEXT, SAGE_OPT_REQUIRED, 0, "word", "", NULL, NULL, 0, 0};
static const sage_option* const kModes[] = {&kMode};
static const sage_option* const kWrongs[] = {&kWrong};
static const sage_option kNoField = {.struct_size = sizeof(sage_option),
                                     .type = SAGE_OPT_FIELD,
                                     .name = "also",
                                     .help = "a field, or none",
                                     .default_value = "\"\""};
static const sage_option* const kNoFields[] = {&kNoField};
static const sage_option* const kNeededs[] = {&kNeeded};

#define OP(kind_, id_)                                                                        \
  .op.struct_size = sizeof(sage_operator), .op.kind = kind_, .op.id = id_, .op.summary = id_, \
  .op.create = create, .op.destroy = destroy, .op.get_role = get_role
#define MAP(id_, role_)                                                               \
  OP(SAGE_KIND_MAP, id_), .op.n_inputs = 1, .op.n_outputs = 1, .op.inputs = kAnyPort, \
                          .op.outputs = kAnyPort, .role_id = SAGE_ROLE_TRANSFORM, .role = &role_
#define SOURCE(id_, role_)                                               \
  OP(SAGE_KIND_SOURCE, id_), .op.n_outputs = 1, .op.outputs = kRowsPort, \
                             .role_id = SAGE_ROLE_SOURCE, .role = &role_
#define SINK(id_, role_)                                                                        \
  OP(SAGE_KIND_SINK, id_), .op.n_inputs = 1, .op.inputs = kRowsPort, .role_id = SAGE_ROLE_SINK, \
                           .role = &role_

static const struct unfit kOps[] = {
    {MAP("fit", kForward), .op.open = take, .op.close = give_back, .op.interrupt = use},
    {SINK("fit_sink", kSink)},
    {SOURCE("fit_source", kSource)},
    {MAP("hangs", kCounts), .op.finish = hang_on_nothing},
    {MAP("fit_keyed", kKeyed), .op.traits = SAGE_TRAIT_NEEDS_KEY},
    {MAP("new_role", kForward)},
    {MAP("silent", kForward)},
    {MAP("aborts_on_none", kNone)},
    {MAP("aborts_on_rows", kRowsRead), .op.traits = SAGE_TRAIT_SELECTION},
    {MAP("any_role", kForward)},
    {MAP("wrong_default", kForward), .op.n_options = 1, .op.options = kWrongs},
    {MAP("needs_word", kForward), .op.n_options = 1, .op.options = kNeededs},
    {MAP("trusts_options", kForward), .op.n_options = 1, .op.options = kModes},
    {MAP("names_nothing", kForward), .op.n_options = 1, .op.options = kNoFields},
    {MAP("never_made", kForward)},
    {MAP("exits", kExits)},
    {MAP("malformed", kMalformed)},
    {MAP("aborts", kAborts)},
    {MAP("edits", kEdits)},
    {MAP("edits_envelope", kEditsEnvelope), .op.traits = SAGE_TRAIT_IN_PLACE},
    {MAP("leaves_memory", kForward), .op.open = leave_memory},
    {MAP("leaves_descriptor", kForward), .op.open = leave_descriptor},
    {MAP("leaves_thread", kForward), .op.open = leave_thread},
    {MAP("leaves_pages", kForward), .op.open = leave_pages},
    {MAP("bad_interrupt", kForward), .op.open = take, .op.close = give_back_and_spoil,
     .op.interrupt = use},
    {SOURCE("bad_source", kBadSource)},
    {SINK("commits_once", kOnce)},
    {OP(SAGE_KIND_PARTITIONER, "beyond"), .op.n_inputs = 1, .op.inputs = kAnyPort,
     .role_id = SAGE_ROLE_PARTITION, .role = &kBeyond},
};
enum { kCount = sizeof kOps / sizeof kOps[0] };

SAGE_EXPORT const sage_plugin* sage_plugin_main_v1(const sage_host* host) {
  static struct unfit ops[kCount];
  static const sage_operator* all[kCount];
  static sage_plugin plugin = {.struct_size = sizeof(sage_plugin),
                               .abi_built = SAGE_ABI_VERSION,
                               .abi_min = SAGE_ABI(1, 0),
                               .id = "unfit",
                               .version = "1.0.0",
                               .summary = "breaks rules",
                               .n_operators = kCount,
                               .operators = all};
  (void)host;
  memcpy(ops, kOps, sizeof ops);
  for (int i = 0; i < kCount; ++i) {
    all[i] = &ops[i].op;
    const char* const id = ops[i].op.id;
    if (strcmp(id, "any_role") == 0) {
      ops[i].op.get_role = get_any_role;
    } else if (strcmp(id, "new_role") == 0) {
      ops[i].op.get_role = get_new_role;
    } else if (strcmp(id, "silent") == 0) {
      ops[i].op.summary = NULL;
    } else if (strcmp(id, "never_made") == 0) {
      ops[i].op.create = create_never;
    } else if (strcmp(id, "trusts_options") == 0) {
      ops[i].op.create = create_trusting;
    }
  }
  return &plugin;
}
