// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

/// Fails the test with the Error's message.
#define VERIFY_OK(result)                                                     \
    do {                                                                      \
        const auto& verified = (result);                                      \
        QVERIFY2(verified, verified ? "" : verified.error().message.c_str()); \
    } while (false)
