/* @NAME@/longer, a filter: keeps the records whose text has more bytes than a limit. What the calls
 * mean, and who makes them, is told by <sage/plugin.h> and <sage/ext/roles.h>. */
#include <sage/ext/config.h>
#include <sage/ext/roles.h>
#include <sage/note.h>

#include <stdlib.h>
#include <string.h>

/* Who this is, where the engine reads it without running any code of ours. Must say what the
 * description at the end of the file says. */
SAGE_NOTE("@NAME@", "0.1.0");

/* One for each parallel instance, never entered by two threads at once. */
typedef struct longer {
  uint64_t text_at; /* of the pointer word of the text in a payload, in bytes */
  int64_t than;
} longer;

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

/* [control] Before anything runs: do the options fit the input? What comes out is what came in. */
static sage_status resolve(const sage_operator* table, const struct sage_config* config,
                           sage_resolve* to) {
  const sage_schema* input = to->inputs[0];
  (void)table;
  if (text_field(input, config) == NULL) {
    to->error(to, "field", "the input has no such text field", NULL);
  }
  return to->set_output(to, 0, input->fields, input->n_fields);
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
  longer* made = calloc(1, sizeof *made);
  if (made == NULL) {
    return SAGE_E_NOMEM;
  }
  made->text_at = 8 * ((uint64_t)schema->data_words + field->offset);
  made->than = config->as_int(config->get(config, "than"));
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

/* [task] Only says which records stay, a bit for each; nothing is copied. */
static sage_status select_long(void* self, sage_ctx* ctx, const sage_batch* in, uint64_t* keep) {
  const longer* me = self;
  (void)ctx;
  for (uint32_t i = 0; i < in->count; ++i) {
    const sage_record* record = &in->records[i];
    const uint8_t* payload = in->buffers[record->buf].data + record->off;
    const int stays = length_of(payload, me->text_at) > me->than;
    keep[i / 64] |= (uint64_t)stays << (i % 64);
  }
  return SAGE_OK;
}

static const sage_role_filter filter = {.struct_size = sizeof filter, .select = select_long};
static const sage_role_schema schema_role = {.struct_size = sizeof schema_role, .resolve = resolve};

/* What the operator can do is asked for by name; NULL means that it cannot. */
static const void* get_role(const sage_operator* table, const char* id) {
  (void)table;
  if (strcmp(id, SAGE_ROLE_SCHEMA) == 0) {
    return &schema_role;
  }
  return strcmp(id, SAGE_ROLE_FILTER) == 0 ? &filter : NULL;
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
static const sage_option than_option = {.struct_size = sizeof than_option,
                                        .type = SAGE_OPT_INT,
                                        .name = "than",
                                        .help = "bytes that are not enough",
                                        .default_value = "3"};
static const sage_option* const options[] = {&field_option, &than_option};

static const sage_operator longer_operator = {.struct_size = sizeof longer_operator,
                                              .kind = SAGE_KIND_FILTER,
                                              .id = "longer",
                                              .summary = "Keeps the records with a long text",
                                              .n_inputs = 1,
                                              .n_outputs = 1,
                                              .inputs = ports,
                                              .outputs = ports,
                                              .n_options = 2,
                                              .options = options,
                                              .create = create,
                                              .destroy = destroy,
                                              .get_role = get_role};
static const sage_operator* const operators[] = {&longer_operator};
static const sage_plugin plugin = {.struct_size = sizeof plugin,
                                   .abi_built = SAGE_ABI_VERSION,
                                   .abi_min = SAGE_ABI(1, 0),
                                   .id = "@NAME@",
                                   .version = "0.1.0",
                                   .summary = "A plugin with a filter",
                                   .n_operators = 1,
                                   .operators = operators};

/* The one symbol that the file exports. NULL would mean that it refuses to work with this host. */
const sage_plugin* sage_plugin_main_v1(const sage_host* host) {
  (void)host;
  return &plugin;
}
