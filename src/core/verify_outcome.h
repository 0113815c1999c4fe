// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What comparing this build with a folder of reference results gives (lathe-cli verify prints one line for each).
#pragma once

#include <string>

namespace lathe {

enum class VerifyStatus {
    Ok,           ///< every compared value agrees
    Differs,      ///< the message names the largest difference and where it is
    Unsupported,  ///< the message names what is missing
};

struct VerifyOutcome {
    VerifyStatus status = VerifyStatus::Ok;
    std::string message;  ///< one line
};

}  // namespace lathe
