/* A plugin in C11 against the plain C ABI, without the C++ layer: `thermo/celsius`, a map, turns a
 * field from degrees Fahrenheit to Celsius; `thermo/above`, a filter, keeps the records in which a
 * field is above a limit. Read <sage/plugin.h> first; kilns.toml uses both operators. */
#include <sage/ext/config.h>
#include <sage/ext/roles.h>
#include <sage/note.h>

#include <stdlib.h>
#include <string.h>

/* Who this is, where the engine reads it without running any code of ours. Must say what the
 * description at the end of the file says. */
SAGE_NOTE("thermo", "1.0.0");

/* One instance of either operator; the engine makes one for each parallel task and never enters it
 * from two threads at once. */
typedef struct instance {
  uint64_t at;  /* where the field lies in a record's payload, in bytes */
  double limit; /* of `above` */
} instance;

/* [control] Runs once for each instance. What it reads of the options must be copied, for they end
 * with this call. The engine has checked them against the tables below and put defaults in. */
static sage_status create(const sage_operator* table, sage_ctx* ctx,
                          const struct sage_config* config, void** self) {
  static const char why[] = "`field` must name a field of type float64";
  const sage_bytes name = config->as_text(config->get(config, "field"));
  const sage_value* limit = config->get(config, "limit"); /* NULL: `celsius` has no such option */
  const sage_schema* schema = ctx->inputs[0];
  (void)table; /* both operators are made alike */
  for (uint32_t i = 0; i < schema->n_fields; ++i) {
    const sage_field* field = &schema->fields[i];
    if (field->type != SAGE_FLOAT64 || strlen(field->name) != name.len ||
        memcmp(field->name, name.ptr, name.len) != 0) {
      continue;
    }
    instance* made = malloc(sizeof *made);
    if (made == NULL) {
      return SAGE_E_NOMEM;
    }
    made->at = 8 * (uint64_t)field->offset; /* words of the data section, which comes first */
    made->limit = limit == NULL ? 0 : config->as_float(limit);
    *self = made;
    return SAGE_OK;
  }
  ctx->set_error(ctx, why, sizeof why - 1);
  return SAGE_E_CONFIG;
}

static void destroy(void* self) { free(self); }

/* Record i. Its numbers lie in place, at fixed offsets; see <sage/schema.h>. */
static const uint8_t* payload_of(const sage_batch* in, uint32_t i) {
  const sage_record* record = &in->records[i];
  return in->buffers[record->buf].data + record->off;
}

/* What record i takes in a buffer, where each starts at a multiple of 8. */
static uint64_t room_of(const sage_batch* in, uint32_t i) {
  return ((uint64_t)in->records[i].len + 7) / 8 * 8;
}

/* [task] The whole batch goes out at once: room for it, every record copied (what its texts and
 * lists point to comes along, for pointers are relative), one number changed in each copy. What
 * came in as one batch may go out in one call. */
static sage_status celsius_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  const instance* me = self;
  (void)ctx;
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < in->count; ++i) {
    bytes += room_of(in, i);
  }
  sage_slab slab = {.struct_size = sizeof slab};
  const sage_status status = out->reserve(out, 0, in->count, bytes, &slab);
  if (status != SAGE_OK) {
    return status;
  }
  uint64_t offset = slab.offset;
  for (uint32_t i = 0; i < in->count; ++i) {
    const sage_record* record = &in->records[i];
    uint8_t* copy = slab.data + offset;
    double degrees = 0;
    memcpy(copy, payload_of(in, i), record->len);
    memcpy(&degrees, copy + me->at, sizeof degrees);
    degrees = (degrees - 32) * 5 / 9;
    memcpy(copy + me->at, &degrees, sizeof degrees);
    slab.records[i] = (sage_record){
        .ts = record->ts, .off = (uint32_t)offset, .len = record->len, .buf = slab.buf};
    offset += room_of(in, i);
  }
  return out->commit(out, 0, in->count, offset);
}

/* [task] A filter only says which records stay, a bit for each; nothing is copied. */
static sage_status above_select(void* self, sage_ctx* ctx, const sage_batch* in, uint64_t* keep) {
  const instance* me = self;
  (void)ctx;
  for (uint32_t i = 0; i < in->count; ++i) {
    double value = 0;
    memcpy(&value, payload_of(in, i) + me->at, sizeof value);
    keep[i / 64] |= (uint64_t)(value > me->limit) << (i % 64);
  }
  return SAGE_OK;
}

static const sage_role_transform celsius_role = {.struct_size = sizeof celsius_role,
                                                 .process = celsius_process};
static const sage_role_filter above_role = {.struct_size = sizeof above_role,
                                            .select = above_select};

/* What an operator can do is asked for by name; NULL means that it cannot. */
static const void* get_role(const sage_operator* table, const char* id) {
  if (table->kind == SAGE_KIND_MAP) {
    return strcmp(id, SAGE_ROLE_TRANSFORM) == 0 ? &celsius_role : NULL;
  }
  return strcmp(id, SAGE_ROLE_FILTER) == 0 ? &above_role : NULL;
}

/* The descriptions. Every table begins with its size, so that either side may be the older one. A
 * port without fields takes any record, and gives out the fields that came in. */
static const sage_port port = {.struct_size = sizeof port, .name = "records"};
static const sage_port* const ports[] = {&port};

static const sage_option field_option = {.struct_size = sizeof field_option,
                                         .type = SAGE_OPT_FIELD,
                                         .flags = SAGE_OPT_REQUIRED,
                                         .name = "field",
                                         .help = "the float64 field to look at"};
static const sage_option limit_option = {.struct_size = sizeof limit_option,
                                         .type = SAGE_OPT_FLOAT,
                                         .name = "limit",
                                         .help = "records up to it are dropped",
                                         .default_value = "0.0"};
static const sage_option* const options[] = {&field_option, &limit_option};

static const sage_operator celsius = {.struct_size = sizeof celsius,
                                      .kind = SAGE_KIND_MAP,
                                      .id = "celsius",
                                      .summary = "Turns degrees Fahrenheit to Celsius",
                                      .n_inputs = 1,
                                      .n_outputs = 1,
                                      .inputs = ports,
                                      .outputs = ports,
                                      .n_options = 1, /* the first one only */
                                      .options = options,
                                      .create = create,
                                      .destroy = destroy,
                                      .get_role = get_role};
static const sage_operator above = {.struct_size = sizeof above,
                                    .kind = SAGE_KIND_FILTER,
                                    .id = "above",
                                    .summary = "Keeps records above a limit",
                                    .n_inputs = 1,
                                    .n_outputs = 1,
                                    .inputs = ports,
                                    .outputs = ports,
                                    .n_options = 2,
                                    .options = options,
                                    .create = create,
                                    .destroy = destroy,
                                    .get_role = get_role};
static const sage_operator* const operators[] = {&celsius, &above};
static const sage_plugin thermo = {.struct_size = sizeof thermo,
                                   .abi_built = SAGE_ABI_VERSION,
                                   .abi_min = SAGE_ABI(1, 0),
                                   .id = "thermo",
                                   .version = "1.0.0",
                                   .summary = "Temperatures",
                                   .n_operators = 2,
                                   .operators = operators};

/* The one symbol that the file exports. NULL would mean that it refuses to work with this host. */
const sage_plugin* sage_plugin_main_v1(const sage_host* host) {
  (void)host;
  return &thermo;
}
