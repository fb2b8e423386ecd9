//! Structs of tolerant fields, declared once: fields, names on the wire, schema.

/// Declares structs of tolerant fields, named as on the wire, with their schema for `OpenAPI`.
macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident $wire:literal: $kind:ty = $schema:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $($(#[$field_doc])*
            #[cfg_attr(feature = "openapi", schema(value_type = $schema))]
            pub $field: $kind,)*
        }

        impl $crate::wire::Object for $name {}

        impl $crate::wire::Slots for $name {
            fn slot(&mut self, name: &str) -> Option<&mut dyn $crate::wire::Slot> {
                match name {
                    $($wire => Some(&mut self.$field),)*
                    _ => None,
                }
            }
        }
    )*};
}

pub(crate) use objects;
