//! A plugin in Rust against the plain C ABI: `measure/chars`, a map, adds the number of characters
//! of a text; `measure/longer`, a filter, keeps the records whose text has more than `min` of them.
//! phrases.toml uses both. What the calls mean is told by `sage/plugin.h` and what it includes.
mod abi;
mod sage;

use abi::*;
use std::ffi::{c_char, c_void, CStr};
use std::mem::size_of;
use std::ptr::null;

/// One instance of either operator, never entered by two threads at once.
struct Instance {
    text_at: usize,    // of the pointer word of the text in a payload, in bytes
    data_bytes: usize, // of the section of numbers, which comes first in a payload
    min: i64,          // of `longer`
    // Where `chars` goes on when it answered SAGE_MORE, and room to put a record together.
    batch: *const sage_batch,
    next: usize,
    row: Vec<u8>,
}

/// [control] What it reads of the options must be copied, for they end with this call.
unsafe extern "C" fn create(
    _: *const sage_operator,
    ctx: *mut sage_ctx,
    config: *const sage_config,
    made: *mut *mut c_void,
) -> sage_status {
    let body = || {
        let schema = &**(*ctx).inputs;
        let Some(field) = sage::text_field(schema, config) else {
            sage::set_error(ctx, "`field` must name a field of type text");
            return SAGE_E_CONFIG;
        };
        *made = Box::into_raw(Box::new(Instance {
            text_at: sage::pointer_at(schema, field),
            data_bytes: sage::data_bytes(schema),
            min: sage::option_int(config, c"min").unwrap_or(0),
            batch: null(),
            next: 0,
            row: Vec::new(),
        }))
        .cast();
        SAGE_OK
    };
    sage::guarded(body, |why| sage::set_error(ctx, why))
}

/// [control] The fields that `chars` gives out: those that come in, and `chars`.
unsafe extern "C" fn resolve_chars(
    _: *const sage_operator,
    _: *const sage_config,
    resolve: *mut sage_resolve,
) -> sage_status {
    let body = || {
        let mut fields = Vec::new();
        for field in sage::fields_of(&**(*resolve).inputs) {
            fields.push(sage_field { ..*field });
        }
        fields.push(sage_field {
            name: c"chars".as_ptr(),
            r#type: SAGE_INT64,
            offset: 0,
        });
        ((*resolve).set_output)(resolve, 0, fields.as_ptr(), fields.len() as u32)
    };
    sage::guarded(body, |why| sage::resolve_error(resolve, c"", why))
}

fn chars(payload: &[u8], at: usize) -> i64 {
    let text = String::from_utf8_lossy(sage::text_at(payload, at));
    text.chars().count() as i64
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
            let (record, payload) = sage::record_at(&*me.batch, me.next);
            let (numbers, rest) = payload.split_at(me.data_bytes);
            let chars = chars(payload, me.text_at);
            me.row.clear();
            me.row.extend_from_slice(numbers);
            me.row.extend_from_slice(&chars.to_le_bytes());
            me.row.extend_from_slice(rest);
            match sage::emit(out, ctx, (me.next, record), &me.row) {
                SAGE_OK => me.next += 1,
                SAGE_E_FULL => return SAGE_MORE, // no room left in this call
                error => return error,
            }
        }
        SAGE_OK
    };
    sage::guarded(body, |why| sage::set_error(ctx, why))
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
            let (_, payload) = sage::record_at(&*batch, i);
            *keep.add(i / 64) |= u64::from(chars(payload, me.text_at) > me.min) << (i % 64);
        }
        SAGE_OK
    };
    sage::guarded(body, |why| sage::set_error(ctx, why))
}

/// What an operator can do is asked for by name; null means that it cannot.
unsafe extern "C" fn get_role(table: *const sage_operator, id: *const c_char) -> *const c_void {
    match (CStr::from_ptr(id).to_bytes(), (*table).kind) {
        (b"sage.role.transform/1", SAGE_KIND_MAP) => sage::role(&CHARS_ROLE),
        (b"sage.role.schema/1", SAGE_KIND_MAP) => sage::role(&CHARS_SCHEMA_ROLE),
        (b"sage.role.filter/1", SAGE_KIND_FILTER) => sage::role(&LONGER_ROLE),
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

static FIELD: sage_option = sage_option {
    r#type: SAGE_OPT_FIELD,
    flags: SAGE_OPT_REQUIRED,
    name: c"field".as_ptr(),
    help: c"the text field to measure".as_ptr(),
    ..sage::NO_OPTION
};
static MIN: sage_option = sage_option {
    r#type: SAGE_OPT_INT,
    name: c"min".as_ptr(),
    help: c"texts of up to so many characters are dropped".as_ptr(),
    default_value: c"0".as_ptr(),
    ..sage::NO_OPTION
};
static OPTIONS: [&sage_option; 2] = [&FIELD, &MIN];

static CHARS: sage_operator = sage_operator {
    kind: SAGE_KIND_MAP,
    id: c"chars".as_ptr(),
    summary: c"Adds the number of characters of a text".as_ptr(),
    n_options: 1, // the first one only
    options: OPTIONS.as_ptr().cast(),
    ..sage::operator_of::<Instance>(create, get_role)
};
static LONGER: sage_operator = sage_operator {
    kind: SAGE_KIND_FILTER,
    id: c"longer".as_ptr(),
    summary: c"Keeps records with a long text".as_ptr(),
    n_options: 2,
    ..CHARS
};
static PLUGIN: sage_plugin = sage::plugin(&[&CHARS, &LONGER], c"Lengths of texts");

/// The one symbol that the file exports.
#[no_mangle]
pub extern "C" fn sage_plugin_main_v1(_host: *const c_void) -> *const sage_plugin {
    &PLUGIN
}
