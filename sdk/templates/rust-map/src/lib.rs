//! @NAME@/length, a map: adds the number of bytes of a text. The calls are those of the SDK's
//! `sage/plugin.h` and `sage/ext/roles.h`, which say what each means.
mod abi;
mod sage;

use abi::*;
use std::ffi::{c_char, c_void, CStr};
use std::mem::size_of;
use std::ptr::null;

/// One for each parallel instance, never entered by two threads at once.
struct Length {
    text_at: usize,    // of the pointer word of the text in a payload, in bytes
    data_bytes: usize, // of the section of numbers, which comes first in a payload
    // Where it goes on when it answered SAGE_MORE, and room to put a record together.
    batch: *const sage_batch,
    next: usize,
    row: Vec<u8>,
}

/// [control] Before anything runs: do the options fit the input, and which fields come out?
unsafe extern "C" fn resolve(
    _: *const sage_operator,
    config: *const sage_config,
    resolve: *mut sage_resolve,
) -> sage_status {
    let body = || {
        let input = &**(*resolve).inputs;
        if sage::text_field(input, config).is_none() {
            sage::resolve_error(resolve, c"field", "the input has no such text field");
        }
        let mut fields = Vec::new();
        for field in sage::fields_of(input) {
            fields.push(sage_field { ..*field });
        }
        fields.push(sage_field {
            name: c"length".as_ptr(),
            r#type: SAGE_INT64,
            offset: 0,
        });
        ((*resolve).set_output)(resolve, 0, fields.as_ptr(), fields.len() as u32)
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
        *made = Box::into_raw(Box::new(Length {
            text_at: sage::pointer_at(schema, field),
            data_bytes: sage::data_bytes(schema),
            batch: null(),
            next: 0,
            row: Vec::new(),
        }))
        .cast();
        SAGE_OK
    };
    sage::guarded(body, |why| sage::set_error(ctx, why))
}

/// [task] A new number takes the first word behind the other numbers. Texts and lists stay as they
/// are: their pointers, which count from where they lie, move along with what they point to.
unsafe extern "C" fn process(
    instance: *mut c_void,
    ctx: *mut sage_ctx,
    batch: *const sage_batch,
    out: *mut sage_out,
) -> sage_status {
    let me = &mut *instance.cast::<Length>();
    let body = || {
        if !batch.is_null() {
            (me.batch, me.next) = (batch, 0); // otherwise: go on after SAGE_MORE
        }
        while me.next < (*me.batch).count as usize {
            let (record, payload) = sage::record_at(&*me.batch, me.next);
            let length = sage::text_at(payload, me.text_at).len() as i64;
            let (numbers, rest) = payload.split_at(me.data_bytes);
            me.row.clear();
            me.row.extend_from_slice(numbers);
            me.row.extend_from_slice(&length.to_le_bytes());
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
    help: c"the text to measure".as_ptr(),
    default_value: c"\"text\"".as_ptr(),
    ..sage::NO_OPTION
};
static OPTIONS: [&sage_option; 1] = [&FIELD];

static LENGTH: sage_operator = sage_operator {
    kind: SAGE_KIND_MAP,
    id: c"length".as_ptr(),
    summary: c"Adds the number of bytes of a text".as_ptr(),
    n_options: OPTIONS.len() as u32,
    options: OPTIONS.as_ptr().cast(),
    ..sage::operator_of::<Length>(create, get_role)
};
static PLUGIN: sage_plugin = sage::plugin(&[&LENGTH], c"A plugin with a map");

/// The one symbol that the file exports.
#[no_mangle]
pub extern "C" fn sage_plugin_main_v1(_host: *const c_void) -> *const sage_plugin {
    &PLUGIN
}
