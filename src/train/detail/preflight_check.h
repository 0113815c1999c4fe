// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A pre-flight check: one thing that can be wrong with a run. One file in checks/ and one line in checks/checks.def.
// Torch-free. Thread: compute lane.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/registry.h"
#include "train/detail/rehearsal.h"
#include "train/detail/settings.h"
#include "train/preflight.h"

namespace lathe::train {

/// What a check may look at.
struct CheckInput {
    const TrainRequest& request;
    const Dataset& data;
    const Json& options;  ///< complete
    const Settings& settings;
    DataKind kind = DataKind::Label;
    const PreflightReport& report;  ///< but its findings
    const std::string& refusal;     ///< why the run would not begin; empty = it would
    const Rehearsal* rehearsal =
        nullptr;  ///< nullptr: an n-gram model, or a run that is refused before its texts are read
    /// Encodings of the texts of train and dev; empty without a rehearsal.
    const TextFacts* facts(bool isDev, std::size_t item) const;
    const std::vector<Example>& part(bool isDev) const { return isDev ? data.dev : data.train; }
};

/// Collects the texts that something is true of.
class Places {
public:
    explicit Places(const CheckInput& input) : m_input(input) {}
    void add(bool isDev, std::size_t item);
    std::int64_t count() const { return m_count; }
    std::vector<TextPlace> take() { return std::move(m_examples); }

private:
    const CheckInput& m_input;
    std::int64_t m_count = 0;
    std::vector<TextPlace> m_examples;
};

/// The texts whose encoding \p isTrue of; none without a rehearsal.
Places placesWhere(const CheckInput& input, const std::function<bool(const TextFacts& facts)>& isTrue);

using Findings = std::vector<Finding>;

struct CheckEntry {
    std::string id;
    std::function<void(const CheckInput& input, Findings& findings)> run;
};
using CheckRegistry = Registry<CheckEntry>;
CheckRegistry makeCheckRegistry();

/// Calls \p each for every text of train and dev.
void forEachText(const CheckInput& input,
                 const std::function<void(bool isDev, std::size_t item, const Example& example)>& each);
/// What an example says, its parts one behind the other: for what two texts have in common whatever their case, width
/// and spaces.
std::string comparable(const Example& example);
/// "1 text", "3 texts".
std::string counted(std::int64_t count, const char* one, const char* many);
inline std::string texts(std::int64_t count) {
    return counted(count, "text", "texts");
}

}  // namespace lathe::train
