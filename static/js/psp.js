// The page's own behaviour; each module looks for its own data attributes and does nothing without them.
import "./combo.js";
import "./focus.js";
import "./idle.js";
import "./menus.js";
import "./search.js";
import "./unsaved.js";
