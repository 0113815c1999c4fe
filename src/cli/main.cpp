// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli: the headless half. Everything is in cli.cpp, so that tests can call it.
#include "cli/cli.h"

int main(int argc, char** argv) {
    return lathe::cli::run(argc, argv);
}
