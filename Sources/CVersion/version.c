// SPDX-License-Identifier: MIT
#include "include/cversion.h"

// Package.swift defines it from the environment.
#ifndef PASSO_COMMIT
#define PASSO_COMMIT ""
#endif

const char *cv_commit(void) { return PASSO_COMMIT; }
