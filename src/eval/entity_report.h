// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Precision, recall and F1 over whole entities: right is what has the gold entity's type, begin and end.
// \source Tjong Kim Sang & De Meulder 2003 (CoNLL's evaluation), whose rules for tags seqeval keeps
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "eval/classification_report.h"

namespace lathe::eval {

/// Half-open, in tokens or in code points.
struct Entity {
    std::string type;
    std::int64_t begin = 0, end = 0;
    friend auto operator<=>(const Entity&, const Entity&) = default;
};

/// The entities that the tags of one text name, in IOB1, IOB2, IOE or IOBES: a chunk begins at B or S, behind E or S,
/// where the type changes, and at an I or E that follows O; it ends before those, and behind E and S.
std::vector<Entity> entitiesOf(std::span<const std::string> tags);

struct EntityReport {
    std::vector<std::string> types;    ///< sorted
    std::vector<ClassScores> perType;  ///< parallel to types
    std::int64_t gold = 0, predicted = 0, correct = 0;
    double precision = 0, recall = 0, f1 = 0;  ///< over all entities (micro)
    double macroF1 = 0, weightedF1 = 0;        ///< over types, and over types by their support
};

/// Adds up text by text; an entity that a text names twice counts once.
class EntityCounter {
public:
    void add(std::vector<Entity> gold, std::vector<Entity> predicted);
    EntityReport report() const;

private:
    struct Counts {
        std::int64_t gold = 0, predicted = 0, correct = 0;
    };
    std::map<std::string, Counts> m_counts;
};

Json toJson(const EntityReport& report);
std::string toText(const EntityReport& report);  ///< aligned table for the command line

}  // namespace lathe::eval
