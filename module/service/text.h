// SPDX-License-Identifier: MIT
/* How long the texts are that the module gives to people, with their NUL. */
#ifndef ROPP_SERVICE_TEXT_H
#define ROPP_SERVICE_TEXT_H

#define ROPP_ERROR_TEXT 1024 /* why something failed */
#define ROPP_LINE_TEXT  512  /* a line for the log */

#endif
