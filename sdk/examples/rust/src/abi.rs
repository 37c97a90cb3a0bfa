//! The part of SAGE's C ABI that operators in Rust use here, written by hand from the headers
//! `sage/plugin.h`, `sage/note.h`, `ext/config.h` and `ext/roles.h`, under the names that it has
//! there. The numbers are those of the ABI's list of facts: the size of a struct, and where each
//! member lies. The compiler holds the structs to them.
#![allow(non_camel_case_types, dead_code)] // no plugin uses all of it

use std::ffi::{c_char, c_void};
use std::mem::{offset_of, size_of};

pub type sage_status = i32;
pub const SAGE_OK: sage_status = 0;
pub const SAGE_MORE: sage_status = 1;
pub const SAGE_E_FAIL: sage_status = -1;
pub const SAGE_E_CONFIG: sage_status = -3;
pub const SAGE_E_TOO_LARGE: sage_status = -12;
pub const SAGE_E_FULL: sage_status = -13;

pub const SAGE_MAX_RECORD: usize = 16777216;
pub const SAGE_ABI_VERSION: u32 = 65536;
pub const SAGE_NOTE_TYPE: u32 = 1;
pub const SAGE_INT64: u32 = 2;
pub const SAGE_TEXT: u32 = 4;
pub const SAGE_OPT_INT: u32 = 2;
pub const SAGE_OPT_TEXT: u32 = 4;
pub const SAGE_OPT_FIELD: u32 = 8;
pub const SAGE_OPT_REQUIRED: u32 = 1;
pub const SAGE_KIND_MAP: u32 = 2;
pub const SAGE_KIND_FILTER: u32 = 3;
pub const SAGE_KIND_FLATMAP: u32 = 4;

macro_rules! c_structs {
    ($(struct $name:ident $size:literal { $($offset:literal $member:ident: $type:ty,)* })*) => {$(
        #[repr(C)]
        pub struct $name {
            $(pub $member: $type,)*
        }
        const _: () = assert!(size_of::<$name>() == $size);
        const _: () = assert!($(size_of::<$type>() +)* 0 == $size); // no holes
        $(const _: () = assert!(offset_of!($name, $member) == $offset);)*
        // Those that are made into statics are tables that nobody writes to.
        unsafe impl Sync for $name {}
    )*};
}

c_structs! {
    struct sage_bytes 16 { 0 ptr: *const u8, 8 len: u64, }
    struct sage_field 16 { 0 name: *const c_char, 8 r#type: u32, 12 offset: u32, }
    struct sage_schema 32 {
        0 struct_size: u32,
        4 n_fields: u32,
        8 fields: *const sage_field,
        16 data_words: u32,
        20 ptr_words: u32,
        24 id: u64,
    }
    struct sage_record 32 {
        0 ts: i64,
        8 key: u64,
        16 off: u32,
        20 len: u32,
        24 buf: u32,
        28 meta: u32,
    }
    struct sage_buffer 16 { 0 data: *mut u8, 8 len: u64, }
    struct sage_batch 72 {
        0 struct_size: u32,
        4 count: u32,
        8 n_buffers: u32,
        12 flags: u32,
        16 records: *const sage_record,
        24 buffers: *const sage_buffer,
        32 keys: *const c_void,
        40 key_buf: u32,
        44 input: u32,
        48 watermark: i64,
        56 rows: *const u32,
        64 n_rows: u32,
        68 reserved0: u32,
    }
    struct sage_out 56 {
        0 struct_size: u32,
        4 n_ports: u32,
        8 reserve: *const c_void,
        16 commit: *const c_void,
        24 emit: extern "C" fn(*mut sage_out, u32, i64, *const c_void, u64) -> sage_status,
        32 watermark: *const c_void,
        40 emitted: *const c_void,
        48 host_priv: *mut c_void,
    }
    struct sage_ctx 112 {
        0 struct_size: u32,
        4 subtask: u32,
        8 parallelism: u32,
        12 attempt: u32,
        16 stage: *const c_char,
        24 cancel: *const u32,
        32 log_level: *const u32,
        40 n_inputs: u32,
        44 n_outputs: u32,
        48 inputs: *const *const sage_schema,
        56 outputs: *const *const sage_schema,
        64 n_keys: u32,
        68 flags: u32,
        72 keys: *const u32,
        80 get_interface: *const c_void,
        88 set_error: extern "C" fn(*mut sage_ctx, *const u8, u64),
        96 reject: extern "C" fn(*mut sage_ctx, u32, sage_bytes, sage_status, *const u8, u64) -> sage_status,
        104 host_priv: *mut c_void,
    }
    struct sage_config 80 {
        0 struct_size: u32,
        4 reserved0: u32,
        8 get: extern "C" fn(*const sage_config, *const c_char) -> *const c_void,
        16 r#type: *const c_void,
        24 as_bool: *const c_void,
        32 as_int: extern "C" fn(*const c_void) -> i64,
        40 as_float: *const c_void,
        48 as_text: extern "C" fn(*const c_void) -> sage_bytes,
        56 size: *const c_void,
        64 at: *const c_void,
        72 host_priv: *mut c_void,
    }
    struct sage_resolve 72 {
        0 struct_size: u32,
        4 flags: u32,
        8 n_inputs: u32,
        12 n_keys: u32,
        16 inputs: *const *const sage_schema,
        24 keys: *const *const c_char,
        32 set_output: extern "C" fn(*mut sage_resolve, u32, *const sage_field, u32) -> sage_status,
        40 set_unbounded: *const c_void,
        48 set_max_parallelism: *const c_void,
        56 error: extern "C" fn(*mut sage_resolve, *const c_char, *const c_char, *const c_char),
        64 host_priv: *mut c_void,
    }
    struct sage_role_schema 16 {
        0 struct_size: u32,
        4 reserved0: u32,
        8 resolve: unsafe extern "C" fn(*const sage_operator, *const sage_config, *mut sage_resolve) -> sage_status,
    }
    struct sage_role_transform 24 {
        0 struct_size: u32,
        4 reserved0: u32,
        8 process: unsafe extern "C" fn(*mut c_void, *mut sage_ctx, *const sage_batch, *mut sage_out) -> sage_status,
        16 on_watermark: *const c_void,
    }
    struct sage_role_filter 16 {
        0 struct_size: u32,
        4 reserved0: u32,
        8 select: unsafe extern "C" fn(*mut c_void, *mut sage_ctx, *const sage_batch, *mut u64) -> sage_status,
    }
    struct sage_option 64 {
        0 struct_size: u32,
        4 r#type: u32,
        8 flags: u32,
        12 n_allowed: u32,
        16 name: *const c_char,
        24 help: *const c_char,
        32 default_value: *const c_char,
        40 allowed: *const *const c_char,
        48 minimum: f64,
        56 maximum: f64,
    }
    struct sage_port 24 {
        0 struct_size: u32,
        4 n_fields: u32,
        8 name: *const c_char,
        16 fields: *const sage_field,
    }
    struct sage_operator 136 {
        0 struct_size: u32,
        4 kind: u32,
        8 traits: u64,
        16 id: *const c_char,
        24 summary: *const c_char,
        32 doc: *const c_char,
        40 n_inputs: u32,
        44 n_outputs: u32,
        48 inputs: *const *const sage_port,
        56 outputs: *const *const sage_port,
        64 n_options: u32,
        68 reserved0: u32,
        72 options: *const *const sage_option,
        80 create: unsafe extern "C" fn(*const sage_operator, *mut sage_ctx, *const sage_config, *mut *mut c_void) -> sage_status,
        88 open: *const c_void,
        96 finish: *const c_void,
        104 close: *const c_void,
        112 destroy: unsafe extern "C" fn(*mut c_void),
        120 interrupt: *const c_void,
        128 get_role: unsafe extern "C" fn(*const sage_operator, *const c_char) -> *const c_void,
    }
    struct sage_plugin 96 {
        0 struct_size: u32,
        4 abi_built: u32,
        8 abi_min: u32,
        12 flags: u32,
        16 id: *const c_char,
        24 version: *const c_char,
        32 summary: *const c_char,
        40 vendor: *const c_char,
        48 license: *const c_char,
        56 url: *const c_char,
        64 n_operators: u32,
        68 reserved0: u32,
        72 operators: *const *const sage_operator,
        80 init: *const c_void,
        88 get_factory: *const c_void,
    }
    struct sage_note 128 {
        0 name_size: u32,
        4 desc_size: u32,
        8 r#type: u32,
        12 name: [u8; 8],
        20 abi_built: u32,
        24 abi_min: u32,
        28 flags: u32,
        32 id: [u8; 64],
        96 version: [u8; 32],
    }
}
