// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The frozen model that an adapter was trained on: where it is, as a name that survives moving, and whether it is still
// the same. Torch-free. Thread: any.
#pragma once

#include <filesystem>
#include <string>

#include "core/result.h"

namespace lathe::train {

/// 32 hex digits of config.json and the weights' names, sizes and contents; of large files, pieces spread over them are
/// read, a few MB at most. \returns NotFound when the folder holds no weights, Io.
Result<std::string> fingerprintOfModel(const std::filesystem::path& folder);
/// \returns InvalidInput that names the folder when it is not the model that had this fingerprint.
Result<> checkFingerprint(const std::filesystem::path& folder, const std::string& fingerprint);

/// The folder that a run's parts lie in together, which is moved as a whole (a project's): the deepest one above both.
/// Empty when they share nothing but the root.
std::filesystem::path sharedFolder(const std::filesystem::path& one, const std::filesystem::path& other);
/// What base_model_name_or_path says in an adapter's folder at \p place: relative where \p base lies in \p root, else
/// absolute.
std::string referenceToBase(const std::filesystem::path& base, const std::filesystem::path& place,
                            const std::filesystem::path& root);
/// Writes the reference into the adapter_config.json of \p folder. \returns Io, Parse.
Result<> writeBaseReference(const std::filesystem::path& folder, const std::string& reference);
/// After a copy of an adapter's folder from \p from, in \p folder, which is about to be at \p place: a relative
/// reference leads to the same model again. Nothing happens to folders that are no adapter's.
Result<> moveBaseReference(const std::filesystem::path& folder, const std::filesystem::path& from,
                           const std::filesystem::path& place);

}  // namespace lathe::train
