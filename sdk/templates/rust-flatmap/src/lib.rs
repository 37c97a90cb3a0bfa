//! @NAME@/parts, a flatmap: cuts a text at a separator. The calls are those of the SDK's
//! `sage/plugin.h` and `sage/ext/roles.h`, which say what each means.
mod abi;
mod sage;

use abi::*;
use std::ffi::{c_char, c_void, CStr};
use std::mem::size_of;
use std::ptr::null;

/// One for each parallel instance, never entered by two threads at once.
struct Parts {
    text_at: usize, // of the pointer word of the text in a payload, in bytes
    at: Vec<u8>,    // the separator
    // Where it goes on when it answered SAGE_MORE: a record, and a byte of its text.
    batch: *const sage_batch,
    next: usize,
    next_byte: usize,
    row: Vec<u8>, // room to put a record together
}

/// [control] Before anything runs: do the options fit the input, and which fields come out?
unsafe extern "C" fn resolve(
    _: *const sage_operator,
    config: *const sage_config,
    resolve: *mut sage_resolve,
) -> sage_status {
    let body = || {
        if sage::text_field(&**(*resolve).inputs, config).is_none() {
            sage::resolve_error(resolve, c"field", "the input has no such text field");
        }
        let separator = sage::option_text(config, c"at").unwrap_or_default();
        if separator.is_empty() {
            sage::resolve_error(resolve, c"at", "an empty separator is everywhere");
        }
        let part = sage_field {
            name: c"part".as_ptr(),
            r#type: SAGE_TEXT,
            offset: 0,
        };
        ((*resolve).set_output)(resolve, 0, &part, 1)
    };
    sage::guarded(body, |why| sage::resolve_error(resolve, c"", why))
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
        let field = sage::text_field(schema, config).expect("resolve has looked at it");
        *made = Box::into_raw(Box::new(Parts {
            text_at: sage::pointer_at(schema, field),
            at: sage::option_text(config, c"at").unwrap_or(b" ").to_vec(),
            batch: null(),
            next: 0,
            next_byte: 0,
            row: Vec::new(),
        }))
        .cast();
        SAGE_OK
    };
    sage::guarded(body, |why| sage::set_error(ctx, why))
}

/// A record whose one field is a text: a pointer word, which says that the text follows at once and
/// how many bytes it has with the NUL at its end, then the text up to a whole word.
fn put_text_row(row: &mut Vec<u8>, text: &[u8]) {
    const LIST: u64 = 1;
    const OF_BYTES: u64 = 2 << 32;
    row.clear();
    row.extend_from_slice(&(LIST | OF_BYTES | (text.len() as u64 + 1) << 35).to_le_bytes());
    row.extend_from_slice(text);
    row.resize(8 + (text.len() + 1).next_multiple_of(8), 0);
}

/// [task] What was emitted before SAGE_MORE stands, so it may be in the middle of a record.
unsafe extern "C" fn process(
    instance: *mut c_void,
    ctx: *mut sage_ctx,
    batch: *const sage_batch,
    out: *mut sage_out,
) -> sage_status {
    let me = &mut *instance.cast::<Parts>();
    let body = || {
        if !batch.is_null() {
            (me.batch, me.next, me.next_byte) = (batch, 0, 0); // otherwise: go on
        }
        while me.next < (*me.batch).count as usize {
            let (record, payload) = sage::record_at(&*me.batch, me.next);
            let text = sage::text_at(payload, me.text_at);
            while me.next_byte < text.len() {
                let rest = &text[me.next_byte..];
                let is_here = |window: &[u8]| window == me.at;
                let end = rest.windows(me.at.len()).position(is_here);
                let part = &rest[..end.unwrap_or(rest.len())];
                if !part.is_empty() {
                    put_text_row(&mut me.row, part);
                    match sage::emit(out, ctx, (me.next, record), &me.row) {
                        SAGE_OK => {}
                        SAGE_E_FULL => return SAGE_MORE, // no room left in this call
                        error => return error,
                    }
                }
                me.next_byte += part.len() + me.at.len();
            }
            (me.next, me.next_byte) = (me.next + 1, 0);
        }
        SAGE_OK
    };
    sage::guarded(body, |why| sage::set_error(ctx, why))
}

/// What the operator can do is asked for by name; null means that it cannot.
unsafe extern "C" fn get_role(_: *const sage_operator, id: *const c_char) -> *const c_void {
    match CStr::from_ptr(id).to_bytes() {
        b"sage.role.transform/1" => sage::role(&TRANSFORM),
        b"sage.role.schema/1" => sage::role(&SCHEMA),
        _ => null(),
    }
}

static TRANSFORM: sage_role_transform = sage_role_transform {
    struct_size: size_of::<sage_role_transform>() as u32,
    reserved0: 0,
    process,
    on_watermark: null(),
};
static SCHEMA: sage_role_schema = sage_role_schema {
    struct_size: size_of::<sage_role_schema>() as u32,
    reserved0: 0,
    resolve,
};

static FIELD: sage_option = sage_option {
    r#type: SAGE_OPT_FIELD,
    name: c"field".as_ptr(),
    help: c"the text to cut".as_ptr(),
    default_value: c"\"text\"".as_ptr(),
    ..sage::NO_OPTION
};
static AT: sage_option = sage_option {
    r#type: SAGE_OPT_TEXT,
    name: c"at".as_ptr(),
    help: c"what stands between parts".as_ptr(),
    default_value: c"\" \"".as_ptr(),
    ..sage::NO_OPTION
};
static OPTIONS: [&sage_option; 2] = [&FIELD, &AT];

static PARTS: sage_operator = sage_operator {
    kind: SAGE_KIND_FLATMAP,
    id: c"parts".as_ptr(),
    summary: c"Cuts a text at a separator".as_ptr(),
    n_options: OPTIONS.len() as u32,
    options: OPTIONS.as_ptr().cast(),
    ..sage::operator_of::<Parts>(create, get_role)
};
static PLUGIN: sage_plugin = sage::plugin(&[&PARTS], c"A plugin with a flatmap");

/// The one symbol that the file exports.
#[no_mangle]
pub extern "C" fn sage_plugin_main_v1(_host: *const c_void) -> *const sage_plugin {
    &PLUGIN
}
