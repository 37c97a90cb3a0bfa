/* @NAME@/lines, a sink: writes a text of each record as a line, into one file per instance. The
 * file appears when the whole job has succeeded; of a job that failed nothing stays. What the calls
 * mean, and who makes them, is told by <sage/plugin.h> and <sage/ext/roles.h>. */
#define _POSIX_C_SOURCE 200809L /* fsync, fileno */

#include <sage/ext/config.h>
#include <sage/ext/roles.h>
#include <sage/note.h>

#include <sys/stat.h>
#include <unistd.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Who this is, where the engine reads it without running any code of ours. Must say what the
 * description at the end of the file says. */
SAGE_NOTE("@NAME@", "0.1.0");

/* One for each parallel instance, never entered by two threads at once. */
typedef struct lines {
  uint64_t text_at; /* of the pointer word of the text in a payload, in bytes */
  char* path;       /* of the file that appears in the end */
  char* staged;     /* of the file that is written */
  ino_t handle;     /* of the file, once it is written */
  FILE* file;
} lines;

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

/* [control] Before anything runs: do the options fit the input? */
static sage_status resolve(const sage_operator* table, const struct sage_config* config,
                           sage_resolve* to) {
  (void)table;
  if (text_field(to->inputs[0], config) == NULL) {
    to->error(to, "field", "the input has no such text field", NULL);
  }
  return SAGE_OK;
}

static void destroy(void* self) {
  lines* me = self;
  if (me->file != NULL) {
    fclose(me->file);
  }
  free(me->path);
  free(me->staged);
  free(me);
}

/* [control] What it reads of the options must be copied, for they end with this call. */
static sage_status create(const sage_operator* table, sage_ctx* ctx,
                          const struct sage_config* config, void** self) {
  const sage_schema* schema = ctx->inputs[0];
  const sage_field* field = text_field(schema, config);
  const sage_bytes path = config->as_text(config->get(config, "path"));
  const size_t room = path.len + 32;
  lines* made = calloc(1, sizeof *made);
  (void)table;
  if (made == NULL) {
    return SAGE_E_NOMEM;
  }
  made->path = malloc(room);
  made->staged = malloc(room);
  if (field == NULL || made->path == NULL || made->staged == NULL) {
    destroy(made);
    return field == NULL ? SAGE_E_CONFIG : SAGE_E_NOMEM;
  }
  made->text_at = 8 * ((uint64_t)schema->data_words + field->offset);
  snprintf(made->path, room, "%.*s.%u", (int)path.len, (const char*)path.ptr, ctx->subtask);
  snprintf(made->staged, room, "%s.part", made->path);
  *self = made;
  return SAGE_OK;
}

/* What went wrong with the file, for the answer SAGE_E_IO. */
static sage_status fail(lines* me, sage_ctx* ctx, const char* what) {
  char why[512];
  const int n = snprintf(why, sizeof why, "%s %s", me->staged, what);
  ctx->set_error(ctx, why, n < (int)sizeof why ? (uint64_t)n : sizeof why - 1);
  return SAGE_E_IO;
}

static sage_status open_file(void* self, sage_ctx* ctx) {
  lines* me = self;
  me->file = fopen(me->staged, "w");
  return me->file == NULL ? fail(me, ctx, "cannot be opened") : SAGE_OK;
}

/* The pointer word of a text says how many words behind itself the text starts, and how many bytes
 * it has with the NUL at its end, or is zero. */
static sage_bytes text_of(const uint8_t* payload, uint64_t at) {
  uint64_t word = 0;
  memcpy(&word, payload + at, sizeof word);
  if (word == 0) {
    return (sage_bytes){NULL, 0};
  }
  const int64_t words = (int32_t)(uint32_t)word >> 2;
  return (sage_bytes){payload + at + 8 + 8 * words, (word >> 35) - 1};
}

static sage_status write_batch(void* self, sage_ctx* ctx, const sage_batch* in) {
  lines* me = self;
  for (uint32_t i = 0; i < in->count; ++i) {
    const sage_record* record = &in->records[i];
    const sage_bytes text = text_of(in->buffers[record->buf].data + record->off, me->text_at);
    if ((text.len > 0 && fwrite(text.ptr, 1, text.len, me->file) != text.len) ||
        fputc('\n', me->file) == EOF) {
      return fail(me, ctx, "cannot be written");
    }
  }
  return SAGE_OK;
}

/* All records are here: nothing may be lost any more, and nobody may see them yet. The engine keeps
 * the handle, and gives it to commit, perhaps in another process. It is what stays the same when a
 * file is renamed. */
static sage_status prepare(void* self, sage_ctx* ctx, sage_bytes* handle) {
  lines* me = self;
  struct stat about;
  if (fflush(me->file) != 0 || fsync(fileno(me->file)) != 0 || stat(me->staged, &about) != 0) {
    return fail(me, ctx, "cannot be written");
  }
  me->handle = about.st_ino;
  *handle = (sage_bytes){(const uint8_t*)&me->handle, sizeof me->handle};
  return SAGE_OK;
}

/* The job has succeeded. May come twice, and to an instance that was never opened: the file may
 * have its name already. */
static sage_status commit(void* self, sage_ctx* ctx, sage_bytes handle) {
  lines* me = self;
  struct stat about;
  if (rename(me->staged, me->path) == 0) {
    return SAGE_OK;
  }
  if (stat(me->path, &about) == 0 && handle.len == sizeof about.st_ino &&
      memcmp(handle.ptr, &about.st_ino, sizeof about.st_ino) == 0) {
    return SAGE_OK;
  }
  return fail(me, ctx, "cannot take its name");
}

/* The job has failed. */
static sage_status abort_job(void* self, sage_ctx* ctx) {
  lines* me = self;
  (void)ctx;
  remove(me->staged);
  return SAGE_OK;
}

static const sage_role_sink sink = {.struct_size = sizeof sink,
                                    .write = write_batch,
                                    .prepare = prepare,
                                    .commit = commit,
                                    .abort = abort_job};
static const sage_role_schema schema_role = {.struct_size = sizeof schema_role, .resolve = resolve};

/* What the operator can do is asked for by name; NULL means that it cannot. */
static const void* get_role(const sage_operator* table, const char* id) {
  (void)table;
  if (strcmp(id, SAGE_ROLE_SCHEMA) == 0) {
    return &schema_role;
  }
  return strcmp(id, SAGE_ROLE_SINK) == 0 ? &sink : NULL;
}

/* The descriptions. Every table begins with its size, so that either side may be the older one. A
 * port without fields takes any record. */
static const sage_port port = {.struct_size = sizeof port, .name = "records"};
static const sage_port* const ports[] = {&port};

static const sage_option field_option = {.struct_size = sizeof field_option,
                                         .type = SAGE_OPT_FIELD,
                                         .name = "field",
                                         .help = "the text to write",
                                         .default_value = "\"text\""};
static const sage_option path_option = {.struct_size = sizeof path_option,
                                        .type = SAGE_OPT_TEXT,
                                        .flags = SAGE_OPT_REQUIRED,
                                        .name = "path",
                                        .help = "FILE: FILE.0, FILE.1, ... appear"};
static const sage_option* const options[] = {&field_option, &path_option};

/* A file may keep a write waiting, so the engine gives each instance a thread of its own. */
static const sage_operator lines_operator = {.struct_size = sizeof lines_operator,
                                             .kind = SAGE_KIND_SINK,
                                             .traits = SAGE_TRAIT_MAY_BLOCK,
                                             .id = "lines",
                                             .summary = "Writes a text of each record as a line",
                                             .n_inputs = 1,
                                             .inputs = ports,
                                             .n_options = 2,
                                             .options = options,
                                             .create = create,
                                             .open = open_file,
                                             .destroy = destroy,
                                             .get_role = get_role};
static const sage_operator* const operators[] = {&lines_operator};
static const sage_plugin plugin = {.struct_size = sizeof plugin,
                                   .abi_built = SAGE_ABI_VERSION,
                                   .abi_min = SAGE_ABI(1, 0),
                                   .id = "@NAME@",
                                   .version = "0.1.0",
                                   .summary = "A plugin with a sink",
                                   .n_operators = 1,
                                   .operators = operators};

/* The one symbol that the file exports. NULL would mean that it refuses to work with this host. */
const sage_plugin* sage_plugin_main_v1(const sage_host* host) {
  (void)host;
  return &plugin;
}
