/// Gives an enum its stable names: `ALL` in the order of the list, `name` for outputs and `parse` for the way back.
#[macro_export]
macro_rules! named {
    ($kind:ident { $($value:ident => $name:literal),+ $(,)? }) => {
        impl $kind {
            /// All of them, in the order of the enum.
            pub const ALL: [$kind; [$($name),+].len()] = [$($kind::$value),+];

            /// The name used in every output.
            pub fn name(self) -> &'static str {
                match self { $($kind::$value => $name),+ }
            }

            /// The one of that name.
            pub fn parse(name: &str) -> Option<$kind> {
                match name { $($name => Some($kind::$value),)+ _ => None }
            }
        }
    };
}
