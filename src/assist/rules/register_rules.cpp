// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of rules.def.
#include "assist/rule.h"

namespace lathe::assist {

#define RULE_KIND(function) RuleKindEntry function();
#include "assist/rules/rules.def"
#undef RULE_KIND

RuleKindRegistry makeRuleKindRegistry() {
    RuleKindRegistry registry;
#define RULE_KIND(function) registry.add(function());
#include "assist/rules/rules.def"
#undef RULE_KIND
    return registry;
}

}  // namespace lathe::assist
