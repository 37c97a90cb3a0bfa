//! A plugin in Rust against the plain C ABI: `measure/chars`, a map, adds the number of characters
//! of a text; `measure/longer`, a filter, keeps the records whose text has more than `min` of them.
//! phrases.toml uses both. What the calls mean is told by `sage/plugin.h` and what it includes.
mod abi;

use abi::*;
use std::ffi::{c_char, c_void, CStr, CString};
use std::mem::size_of;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::null;
use std::slice::from_raw_parts;

/// One instance of either operator, never entered by two threads at once.
struct Instance {
    text_at: usize, // of the pointer word of the text, in bytes from the start of a payload
    data_bytes: usize, // of the section of numbers, which comes first in a payload
    min: i64,       // of `longer`
    // Where `chars` goes on when it answered SAGE_MORE, and room to put a record together.
    batch: *const sage_batch,
    next: usize,
    row: Vec<u8>,
}

/// No panic may cross the ABI: it becomes a failed call, and `tell` hears what it said.
fn guarded(body: impl FnOnce() -> sage_status, tell: impl FnOnce(&str)) -> sage_status {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().copied();
        let string = panic.downcast_ref::<String>().map(String::as_str);
        tell(text.or(string).unwrap_or("a panic"));
        SAGE_E_FAIL
    })
}

unsafe fn set_error(ctx: *mut sage_ctx, why: &str) {
    ((*ctx).set_error)(ctx, why.as_ptr(), why.len() as u64);
}

unsafe fn fields_of(schema: &sage_schema) -> &[sage_field] {
    from_raw_parts(schema.fields, schema.n_fields as usize)
}

/// The option `name`, which the host has checked; None where the operator has no such option.
unsafe fn option(config: *const sage_config, name: &CStr) -> Option<*const c_void> {
    let value = ((*config).get)(config, name.as_ptr());
    (!value.is_null()).then_some(value)
}

/// [control] What it reads of the options must be copied, for they end with this call.
unsafe extern "C" fn create(
    _: *const sage_operator,
    ctx: *mut sage_ctx,
    config: *const sage_config,
    made: *mut *mut c_void,
) -> sage_status {
    let body = || {
        let name = ((*config).as_text)(option(config, c"field").expect("`field` is required"));
        let name = from_raw_parts(name.ptr, name.len as usize);
        let schema = &**(*ctx).inputs;
        let is_it = |f: &&sage_field| CStr::from_ptr(f.name).to_bytes() == name;
        match fields_of(schema).iter().find(is_it) {
            Some(field) if field.r#type == SAGE_TEXT => {
                *made = Box::into_raw(Box::new(Instance {
                    text_at: 8 * (schema.data_words + field.offset) as usize,
                    data_bytes: 8 * schema.data_words as usize,
                    min: option(config, c"min").map_or(0, |value| ((*config).as_int)(value)),
                    batch: null(),
                    next: 0,
                    row: Vec::new(),
                }))
                .cast();
                SAGE_OK
            }
            _ => {
                set_error(ctx, "`field` must name a field of type text");
                SAGE_E_CONFIG
            }
        }
    };
    guarded(body, |why| set_error(ctx, why))
}

unsafe extern "C" fn destroy(instance: *mut c_void) {
    drop(Box::from_raw(instance.cast::<Instance>()));
}

/// [control] The fields that `chars` gives out: those that come in, and `chars`.
unsafe extern "C" fn resolve_chars(
    _: *const sage_operator,
    _: *const sage_config,
    resolve: *mut sage_resolve,
) -> sage_status {
    let body = || {
        let mut fields = Vec::new();
        for field in fields_of(&**(*resolve).inputs) {
            fields.push(sage_field { ..*field });
        }
        fields.push(sage_field {
            name: c"chars".as_ptr(),
            r#type: SAGE_INT64,
            offset: 0,
        });
        ((*resolve).set_output)(resolve, 0, fields.as_ptr(), fields.len() as u32)
    };
    guarded(body, |why| {
        let why = CString::new(why).unwrap_or_default();
        ((*resolve).error)(resolve, c"".as_ptr(), why.as_ptr(), null());
    })
}

unsafe fn record_at(batch: &sage_batch, i: usize) -> (&sage_record, &[u8]) {
    let record = &*batch.records.add(i);
    let buffer = &*batch.buffers.add(record.buf as usize);
    (
        record,
        from_raw_parts(buffer.data.add(record.off as usize), record.len as usize),
    )
}

/// How many characters the text has whose pointer word lies at `at`. The word says how many words
/// behind itself the text starts, and how many bytes it has with the NUL at its end, or is zero.
fn chars(payload: &[u8], at: usize) -> i64 {
    let word = payload[at..at + 8].try_into().map_or(0, u64::from_le_bytes);
    let size = (word >> 35) as usize;
    if size == 0 {
        return 0;
    }
    let start = at as i64 + 8 + 8 * i64::from(word as i32 >> 2);
    let text = &payload[start as usize..][..size - 1];
    String::from_utf8_lossy(text).chars().count() as i64
}

/// [task] A new number takes the first word behind the other numbers. Texts and lists stay as they
/// are: their pointers, which count from where they lie, move along with what they point to.
unsafe extern "C" fn process_chars(
    instance: *mut c_void,
    ctx: *mut sage_ctx,
    batch: *const sage_batch,
    out: *mut sage_out,
) -> sage_status {
    let me = &mut *instance.cast::<Instance>();
    let body = || {
        if !batch.is_null() {
            (me.batch, me.next) = (batch, 0); // otherwise: go on after SAGE_MORE
        }
        while me.next < (*me.batch).count as usize {
            let (record, payload) = record_at(&*me.batch, me.next);
            let (numbers, rest) = payload.split_at(me.data_bytes);
            me.row.clear();
            me.row.extend_from_slice(numbers);
            me.row
                .extend_from_slice(&chars(payload, me.text_at).to_le_bytes());
            me.row.extend_from_slice(rest);
            let row = me.row.as_ptr().cast();
            match ((*out).emit)(out, 0, record.ts, row, me.row.len() as u64) {
                SAGE_OK => me.next += 1,
                SAGE_E_FULL => return SAGE_MORE, // no room left in this call
                error => return error,
            }
        }
        SAGE_OK
    };
    guarded(body, |why| set_error(ctx, why))
}

/// [task] A filter only says which records stay, a bit for each; nothing is copied.
unsafe extern "C" fn select_longer(
    instance: *mut c_void,
    ctx: *mut sage_ctx,
    batch: *const sage_batch,
    keep: *mut u64,
) -> sage_status {
    let me = &*instance.cast::<Instance>();
    let body = || {
        for i in 0..(*batch).count as usize {
            let (_, payload) = record_at(&*batch, i);
            *keep.add(i / 64) |= u64::from(chars(payload, me.text_at) > me.min) << (i % 64);
        }
        SAGE_OK
    };
    guarded(body, |why| set_error(ctx, why))
}

/// What an operator can do is asked for by name; null means that it cannot.
unsafe extern "C" fn get_role(table: *const sage_operator, id: *const c_char) -> *const c_void {
    match (CStr::from_ptr(id).to_bytes(), (*table).kind) {
        (b"sage.role.transform/1", SAGE_KIND_MAP) => (&raw const CHARS_ROLE).cast(),
        (b"sage.role.schema/1", SAGE_KIND_MAP) => (&raw const CHARS_SCHEMA_ROLE).cast(),
        (b"sage.role.filter/1", SAGE_KIND_FILTER) => (&raw const LONGER_ROLE).cast(),
        _ => null(),
    }
}

static CHARS_ROLE: sage_role_transform = sage_role_transform {
    struct_size: size_of::<sage_role_transform>() as u32,
    reserved0: 0,
    process: process_chars,
    on_watermark: null(),
};
static CHARS_SCHEMA_ROLE: sage_role_schema = sage_role_schema {
    struct_size: size_of::<sage_role_schema>() as u32,
    reserved0: 0,
    resolve: resolve_chars,
};
static LONGER_ROLE: sage_role_filter = sage_role_filter {
    struct_size: size_of::<sage_role_filter>() as u32,
    reserved0: 0,
    select: select_longer,
};

// The descriptions. A port without fields takes any record.
static PORT: sage_port = sage_port {
    struct_size: size_of::<sage_port>() as u32,
    n_fields: 0,
    name: c"records".as_ptr(),
    fields: null(),
};
static PORTS: [&sage_port; 1] = [&PORT];

const NO_OPTION: sage_option = sage_option {
    struct_size: size_of::<sage_option>() as u32,
    r#type: 0,
    flags: 0,
    n_allowed: 0,
    name: null(),
    help: null(),
    default_value: null(),
    allowed: null(),
    minimum: 0.0,
    maximum: 0.0,
};
static FIELD: sage_option = sage_option {
    r#type: SAGE_OPT_FIELD,
    flags: SAGE_OPT_REQUIRED,
    name: c"field".as_ptr(),
    help: c"the text field to measure".as_ptr(),
    ..NO_OPTION
};
static MIN: sage_option = sage_option {
    r#type: SAGE_OPT_INT,
    name: c"min".as_ptr(),
    help: c"texts of up to so many characters are dropped".as_ptr(),
    default_value: c"0".as_ptr(),
    ..NO_OPTION
};
static OPTIONS: [&sage_option; 2] = [&FIELD, &MIN];

static CHARS: sage_operator = sage_operator {
    struct_size: size_of::<sage_operator>() as u32,
    kind: SAGE_KIND_MAP,
    traits: 0,
    id: c"chars".as_ptr(),
    summary: c"Adds the number of characters of a text".as_ptr(),
    doc: null(),
    n_inputs: 1,
    n_outputs: 1,
    inputs: PORTS.as_ptr().cast(),
    outputs: PORTS.as_ptr().cast(),
    n_options: 1, // the first one only
    reserved0: 0,
    options: OPTIONS.as_ptr().cast(),
    create,
    open: null(),
    finish: null(),
    close: null(),
    destroy,
    interrupt: null(),
    get_role,
};
static LONGER: sage_operator = sage_operator {
    kind: SAGE_KIND_FILTER,
    id: c"longer".as_ptr(),
    summary: c"Keeps records with a long text".as_ptr(),
    n_options: 2,
    ..CHARS
};
static OPERATORS: [&sage_operator; 2] = [&CHARS, &LONGER];

static PLUGIN: sage_plugin = sage_plugin {
    struct_size: size_of::<sage_plugin>() as u32,
    abi_built: SAGE_ABI_VERSION,
    abi_min: 1 << 16, // 1.0
    flags: 0,
    id: concat!(env!("CARGO_PKG_NAME"), "\0").as_ptr().cast(),
    version: concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast(),
    summary: c"Lengths of texts".as_ptr(),
    vendor: null(),
    license: null(),
    url: null(),
    n_operators: 2,
    reserved0: 0,
    operators: OPERATORS.as_ptr().cast(),
    init: null(),
    get_factory: null(),
};

/// Who this is, where the engine reads it without running any code of ours.
#[used]
#[link_section = ".note.sage"]
static NOTE: sage_note = sage_note {
    name_size: 5,
    desc_size: (size_of::<sage_note>() - 20) as u32, // from `abi_built` on
    r#type: SAGE_NOTE_TYPE,
    name: padded("SAGE"),
    abi_built: SAGE_ABI_VERSION,
    abi_min: 1 << 16,
    flags: 0,
    id: padded(env!("CARGO_PKG_NAME")),
    version: padded(env!("CARGO_PKG_VERSION")),
};

const fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    let mut i = 0;
    while i < text.len() {
        bytes[i] = text.as_bytes()[i];
        i += 1;
    }
    bytes
}

/// The one symbol that the file exports.
#[no_mangle]
pub extern "C" fn sage_plugin_main_v1(_host: *const c_void) -> *const sage_plugin {
    &PLUGIN
}
