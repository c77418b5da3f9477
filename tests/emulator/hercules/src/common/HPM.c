// SPDX-License-Identifier: MIT
/* The plugin manager: it is what distinguishes a tree of this dialect from one of the other. There
 * are no plugins here. */
