/* @NAME@/length, a map: adds the number of bytes of a text. What the calls mean, and who makes
 * them, is told by <sage/plugin.h> and <sage/ext/roles.h>. */
#include <sage/ext/config.h>
#include <sage/ext/roles.h>
#include <sage/note.h>

#include <stdlib.h>
#include <string.h>

/* Who this is, where the engine reads it without running any code of ours. Must say what the
 * description at the end of the file says. */
SAGE_NOTE("@NAME@", "0.1.0");

/* One for each parallel instance, never entered by two threads at once. */
typedef struct length {
  uint64_t text_at; /* of the pointer word of the text in a payload, in bytes */
  uint64_t numbers; /* bytes of the numbers, which come first in a payload */
  /* Where it goes on when it answered SAGE_MORE. */
  const sage_batch* batch;
  uint32_t next;
} length;

/* The text field that the option `field` names; NULL: the input has no such text. */
static const sage_field* text_field(const sage_schema* schema, const struct sage_config* config) {
  const sage_bytes name = config->as_text(config->get(config, "field"));
  for (uint32_t i = 0; i < schema->n_fields; ++i) {
    const sage_field* field = &schema->fields[i];
    if (field->type == SAGE_TEXT && strlen(field->name) == name.len &&
        memcmp(field->name, name.ptr, name.len) == 0) {
      return field;
    }
  }
  return NULL;
}

/* [control] Before anything runs: do the options fit the input, and which fields come out? */
static sage_status resolve(const sage_operator* table, const struct sage_config* config,
                           sage_resolve* to) {
  const sage_schema* input = to->inputs[0];
  (void)table;
  if (text_field(input, config) == NULL) {
    to->error(to, "field", "the input has no such text field", NULL);
  }
  sage_field* fields = malloc((input->n_fields + 1) * sizeof *fields);
  if (fields == NULL) {
    return SAGE_E_NOMEM;
  }
  memcpy(fields, input->fields, input->n_fields * sizeof *fields);
  fields[input->n_fields] = (sage_field){.name = "length", .type = SAGE_INT64};
  const sage_status status = to->set_output(to, 0, fields, input->n_fields + 1);
  free(fields);
  return status;
}

/* [control] What it reads of the options must be copied, for they end with this call. */
static sage_status create(const sage_operator* table, sage_ctx* ctx,
                          const struct sage_config* config, void** self) {
  const sage_schema* schema = ctx->inputs[0];
  const sage_field* field = text_field(schema, config);
  (void)table;
  if (field == NULL) {
    return SAGE_E_CONFIG;
  }
  length* made = calloc(1, sizeof *made);
  if (made == NULL) {
    return SAGE_E_NOMEM;
  }
  made->numbers = 8 * (uint64_t)schema->data_words;
  made->text_at = made->numbers + 8 * (uint64_t)field->offset;
  *self = made;
  return SAGE_OK;
}

static void destroy(void* self) { free(self); }

/* The pointer word of a text says how many bytes it has with the NUL at its end, or is zero. */
static int64_t length_of(const uint8_t* payload, uint64_t at) {
  uint64_t word = 0;
  memcpy(&word, payload + at, sizeof word);
  return word == 0 ? 0 : (int64_t)(word >> 35) - 1;
}

/* [task] A new number takes the first word behind the other numbers. Texts and lists stay as they
 * are: their pointers, which count from where they lie, move along with what they point to. */
static sage_status process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  static const char too_large[] = "the record would exceed 16 MiB";
  length* me = self;
  if (in != NULL) { /* otherwise: go on after SAGE_MORE */
    me->batch = in;
    me->next = 0;
  }
  for (; me->next < me->batch->count; ++me->next) {
    const sage_record* record = &me->batch->records[me->next];
    const uint8_t* payload = me->batch->buffers[record->buf].data + record->off;
    const int64_t n = length_of(payload, me->text_at);
    const uint64_t size = (uint64_t)record->len + sizeof n;
    sage_status status = SAGE_OK;
    if (size > SAGE_MAX_RECORD) {
      /* The stage's `on_error` decides what becomes of it. */
      status = ctx->reject(ctx, me->next, (sage_bytes){NULL, 0}, SAGE_E_TOO_LARGE, too_large,
                           sizeof too_large - 1);
      if (status != SAGE_OK) {
        return status;
      }
      continue;
    }
    sage_slab slab = {.struct_size = sizeof slab};
    status = out->reserve(out, 0, 1, size, &slab);
    if (status != SAGE_OK) {
      return status == SAGE_E_FULL ? SAGE_MORE : status; /* no room left in this call */
    }
    uint8_t* copy = slab.data + slab.offset;
    memcpy(copy, payload, me->numbers);
    memcpy(copy + me->numbers, &n, sizeof n);
    memcpy(copy + me->numbers + sizeof n, payload + me->numbers, record->len - me->numbers);
    slab.records[0] = (sage_record){
        .ts = record->ts, .off = (uint32_t)slab.offset, .len = (uint32_t)size, .buf = slab.buf};
    status = out->commit(out, 0, 1, slab.offset + size);
    if (status != SAGE_OK) {
      return status;
    }
  }
  return SAGE_OK;
}

static const sage_role_transform transform = {.struct_size = sizeof transform, .process = process};
static const sage_role_schema schema_role = {.struct_size = sizeof schema_role, .resolve = resolve};

/* What the operator can do is asked for by name; NULL means that it cannot. */
static const void* get_role(const sage_operator* table, const char* id) {
  (void)table;
  if (strcmp(id, SAGE_ROLE_SCHEMA) == 0) {
    return &schema_role;
  }
  return strcmp(id, SAGE_ROLE_TRANSFORM) == 0 ? &transform : NULL;
}

/* The descriptions. Every table begins with its size, so that either side may be the older one. A
 * port without fields takes any record. */
static const sage_port port = {.struct_size = sizeof port, .name = "records"};
static const sage_port* const ports[] = {&port};

static const sage_option field_option = {.struct_size = sizeof field_option,
                                         .type = SAGE_OPT_FIELD,
                                         .name = "field",
                                         .help = "the text to measure",
                                         .default_value = "\"text\""};
static const sage_option* const options[] = {&field_option};

static const sage_operator length_operator = {.struct_size = sizeof length_operator,
                                              .kind = SAGE_KIND_MAP,
                                              .id = "length",
                                              .summary = "Adds the number of bytes of a text",
                                              .n_inputs = 1,
                                              .n_outputs = 1,
                                              .inputs = ports,
                                              .outputs = ports,
                                              .n_options = 1,
                                              .options = options,
                                              .create = create,
                                              .destroy = destroy,
                                              .get_role = get_role};
static const sage_operator* const operators[] = {&length_operator};
static const sage_plugin plugin = {.struct_size = sizeof plugin,
                                   .abi_built = SAGE_ABI_VERSION,
                                   .abi_min = SAGE_ABI(1, 0),
                                   .id = "@NAME@",
                                   .version = "0.1.0",
                                   .summary = "A plugin with a map",
                                   .n_operators = 1,
                                   .operators = operators};

/* The one symbol that the file exports. NULL would mean that it refuses to work with this host. */
const sage_plugin* sage_plugin_main_v1(const sage_host* host) {
  (void)host;
  return &plugin;
}
