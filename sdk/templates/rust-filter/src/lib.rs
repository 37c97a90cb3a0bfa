//! @NAME@/longer, a filter: keeps the records whose text has more bytes than a limit. The calls are
//! those of the SDK's `sage/plugin.h` and `sage/ext/roles.h`, which say what each means.
mod abi;
mod sage;

use abi::*;
use std::ffi::{c_char, c_void, CStr};
use std::mem::size_of;
use std::ptr::null;

/// One for each parallel instance, never entered by two threads at once.
struct Longer {
    text_at: usize, // of the pointer word of the text in a payload, in bytes
    than: i64,
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
        *made = Box::into_raw(Box::new(Longer {
            text_at: sage::pointer_at(schema, field),
            than: sage::option_int(config, c"than").unwrap_or(0),
        }))
        .cast();
        SAGE_OK
    };
    sage::guarded(body, |why| sage::set_error(ctx, why))
}

/// [control] Before anything runs: do the options fit the input? What comes out is what came in.
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
        ((*resolve).set_output)(resolve, 0, input.fields, input.n_fields)
    };
    sage::guarded(body, |why| sage::resolve_error(resolve, c"", why))
}

/// [task] Only says which records stay, a bit for each; nothing is copied.
unsafe extern "C" fn select(
    instance: *mut c_void,
    ctx: *mut sage_ctx,
    batch: *const sage_batch,
    keep: *mut u64,
) -> sage_status {
    let me = &*instance.cast::<Longer>();
    let body = || {
        for i in 0..(*batch).count as usize {
            let (_, payload) = sage::record_at(&*batch, i);
            let stays = sage::text_at(payload, me.text_at).len() as i64 > me.than;
            *keep.add(i / 64) |= u64::from(stays) << (i % 64);
        }
        SAGE_OK
    };
    sage::guarded(body, |why| sage::set_error(ctx, why))
}

/// What the operator can do is asked for by name; null means that it cannot.
unsafe extern "C" fn get_role(_: *const sage_operator, id: *const c_char) -> *const c_void {
    match CStr::from_ptr(id).to_bytes() {
        b"sage.role.filter/1" => sage::role(&FILTER),
        b"sage.role.schema/1" => sage::role(&SCHEMA),
        _ => null(),
    }
}

static FILTER: sage_role_filter = sage_role_filter {
    struct_size: size_of::<sage_role_filter>() as u32,
    reserved0: 0,
    select,
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
static THAN: sage_option = sage_option {
    r#type: SAGE_OPT_INT,
    name: c"than".as_ptr(),
    help: c"bytes that are not enough".as_ptr(),
    default_value: c"3".as_ptr(),
    ..sage::NO_OPTION
};
static OPTIONS: [&sage_option; 2] = [&FIELD, &THAN];

static LONGER: sage_operator = sage_operator {
    kind: SAGE_KIND_FILTER,
    id: c"longer".as_ptr(),
    summary: c"Keeps the records with a long text".as_ptr(),
    n_options: OPTIONS.len() as u32,
    options: OPTIONS.as_ptr().cast(),
    ..sage::operator_of::<Longer>(create, get_role)
};
static PLUGIN: sage_plugin = sage::plugin(&[&LONGER], c"A plugin with a filter");

/// The one symbol that the file exports.
#[no_mangle]
pub extern "C" fn sage_plugin_main_v1(_host: *const c_void) -> *const sage_plugin {
    &PLUGIN
}
