//! What any plugin in Rust needs beside the bindings, whatever its operators do.
#![allow(dead_code)] // no plugin uses all of it

use crate::abi::*;
use std::ffi::{c_char, c_void, CStr, CString};
use std::mem::size_of;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::null;
use std::slice::from_raw_parts;

/// No panic may cross the ABI: it becomes a failed call, and `tell` hears what it said.
pub fn guarded(body: impl FnOnce() -> sage_status, tell: impl FnOnce(&str)) -> sage_status {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().copied();
        let string = panic.downcast_ref::<String>().map(String::as_str);
        tell(text.or(string).unwrap_or("a panic"));
        SAGE_E_FAIL
    })
}

pub unsafe fn set_error(ctx: *mut sage_ctx, why: &str) {
    ((*ctx).set_error)(ctx, why.as_ptr(), why.len() as u64);
}

/// Puts the row behind what the call has emitted. SAGE_E_FULL: no room left in this call. A row that
/// no record can be is a record error, and what becomes of record `i` is for `on_error` to say.
pub unsafe fn emit(
    out: *mut sage_out,
    ctx: *mut sage_ctx,
    (i, record): (usize, &sage_record),
    row: &[u8],
) -> sage_status {
    if row.len() <= SAGE_MAX_RECORD {
        return ((*out).emit)(out, 0, record.ts, row.as_ptr().cast(), row.len() as u64);
    }
    const WHY: &str = "the record would exceed 16 MiB";
    const NOTHING: sage_bytes = sage_bytes {
        ptr: null(),
        len: 0,
    };
    let why = (WHY.as_ptr(), WHY.len() as u64);
    ((*ctx).reject)(ctx, i as u32, NOTHING, SAGE_E_TOO_LARGE, why.0, why.1)
}

/// An error of the option `name`, found before anything runs.
pub unsafe fn resolve_error(resolve: *mut sage_resolve, name: &CStr, why: &str) {
    let why = CString::new(why).unwrap_or_default();
    ((*resolve).error)(resolve, name.as_ptr(), why.as_ptr(), null());
}

pub unsafe fn fields_of(schema: &sage_schema) -> &[sage_field] {
    from_raw_parts(schema.fields, schema.n_fields as usize)
}

/// The option `name`, which the host has checked; None where the operator has no such option.
unsafe fn option(config: *const sage_config, name: &CStr) -> Option<*const c_void> {
    let value = ((*config).get)(config, name.as_ptr());
    (!value.is_null()).then_some(value)
}

pub unsafe fn option_int(config: *const sage_config, name: &CStr) -> Option<i64> {
    option(config, name).map(|value| ((*config).as_int)(value))
}

/// The bytes are those of the options, and end with them.
pub unsafe fn option_text<'a>(config: *const sage_config, name: &CStr) -> Option<&'a [u8]> {
    let text = option(config, name).map(|value| ((*config).as_text)(value))?;
    Some(if text.len == 0 {
        b""
    } else {
        from_raw_parts(text.ptr, text.len as usize)
    })
}

/// The text field that the option `field` names; None where the input has no such text.
pub unsafe fn text_field<'a>(
    schema: &'a sage_schema,
    config: *const sage_config,
) -> Option<&'a sage_field> {
    let name = option_text(config, c"field")?;
    fields_of(schema)
        .iter()
        .find(|field| CStr::from_ptr(field.name).to_bytes() == name && field.r#type == SAGE_TEXT)
}

/// Where the numbers of a record end and its pointers to texts and lists begin, in bytes.
pub fn data_bytes(schema: &sage_schema) -> usize {
    8 * schema.data_words as usize
}

/// Where the pointer word of a text lies in a record's payload, in bytes.
pub fn pointer_at(schema: &sage_schema, field: &sage_field) -> usize {
    data_bytes(schema) + 8 * field.offset as usize
}

/// Record i and its payload.
pub unsafe fn record_at(batch: &sage_batch, i: usize) -> (&sage_record, &[u8]) {
    let record = &*batch.records.add(i);
    let buffer = &*batch.buffers.add(record.buf as usize);
    (
        record,
        from_raw_parts(buffer.data.add(record.off as usize), record.len as usize),
    )
}

/// The text whose pointer word lies at `at`. The word says how many words behind itself the text
/// starts, and how many bytes it has with the NUL at its end, or is zero.
pub fn text_at(payload: &[u8], at: usize) -> &[u8] {
    let word = payload[at..at + 8].try_into().map_or(0, u64::from_le_bytes);
    let size = (word >> 35) as usize;
    if size == 0 {
        return b"";
    }
    let start = at as i64 + 8 + 8 * i64::from(word as i32 >> 2);
    &payload[start as usize..][..size - 1]
}

/// A role table as what get_role returns.
pub const fn role<T>(table: &'static T) -> *const c_void {
    (table as *const T).cast()
}

// A port without fields takes any record, and gives out the fields that came in.
static PORT: sage_port = sage_port {
    struct_size: size_of::<sage_port>() as u32,
    n_fields: 0,
    name: c"records".as_ptr(),
    fields: null(),
};
static PORTS: [&sage_port; 1] = [&PORT];

/// An option that says nothing yet: `sage_option { name: ..., ..NO_OPTION }`.
pub const NO_OPTION: sage_option = sage_option {
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

type Create = unsafe extern "C" fn(
    *const sage_operator,
    *mut sage_ctx,
    *const sage_config,
    *mut *mut c_void,
) -> sage_status;
type GetRole = unsafe extern "C" fn(*const sage_operator, *const c_char) -> *const c_void;

/// What operators have in common, with one input and one output. Instances are boxes of T.
pub const fn operator_of<T>(create: Create, get_role: GetRole) -> sage_operator {
    sage_operator {
        struct_size: size_of::<sage_operator>() as u32,
        kind: 0,
        traits: 0,
        id: null(),
        summary: null(),
        doc: null(),
        n_inputs: 1,
        n_outputs: 1,
        inputs: &raw const PORTS as *const *const sage_port,
        outputs: &raw const PORTS as *const *const sage_port,
        n_options: 0,
        reserved0: 0,
        options: null(),
        create,
        open: null(),
        finish: null(),
        close: null(),
        destroy: destroy::<T>,
        interrupt: null(),
        get_role,
    }
}

unsafe extern "C" fn destroy<T>(instance: *mut c_void) {
    drop(Box::from_raw(instance.cast::<T>()));
}

/// The description of the plugin, whose id and version are those of Cargo.toml.
pub const fn plugin(operators: &'static [&'static sage_operator], summary: &CStr) -> sage_plugin {
    sage_plugin {
        struct_size: size_of::<sage_plugin>() as u32,
        abi_built: SAGE_ABI_VERSION,
        abi_min: 1 << 16, // 1.0
        flags: 0,
        id: concat!(env!("CARGO_PKG_NAME"), "\0").as_ptr().cast(),
        version: concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast(),
        summary: summary.as_ptr(),
        vendor: null(),
        license: null(),
        url: null(),
        n_operators: operators.len() as u32,
        reserved0: 0,
        operators: operators.as_ptr().cast(),
        init: null(),
        get_factory: null(),
    }
}

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
