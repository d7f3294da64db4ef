// SPDX-License-Identifier: MIT
// What is known of a build only while it is made.
#ifndef CVERSION_H
#define CVERSION_H

// The commit of the sources, as `git describe --always --dirty` says it; "" if nobody has said.
const char *cv_commit(void);

#endif
