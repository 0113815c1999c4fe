// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a machine's addresses others reach it at. Torch-free.
#pragma once

#include <cstdint>
#include <string>

namespace lathe::train {

/// The address from which this machine reaches \p host, which is the one at which that reaches it; \p host itself where
/// it cannot be found out.
std::string ownAddress(const std::string& host, std::uint16_t port);

}  // namespace lathe::train
