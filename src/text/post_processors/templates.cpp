// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Post-processors that put tokens around texts: BertProcessing, RobertaProcessing, TemplateProcessing.
#include "text/post_processors/post_processor.h"

namespace lathe::text::post_processors {
namespace {

class TemplatePostProcessor final : public PostProcessor {
public:
    TemplatePostProcessor(std::string where, PostProcessing made)
        : m_where(std::move(where)), m_made(std::move(made)) {}
    Result<> describe(PostProcessing& out) const override {
        if (out.hasTemplate)
            return fail(ErrorCode::Unsupported,
                        fmt::format("{}: a second template in one Sequence is not supported", m_where));
        out.hasTemplate = true;
        out.single = m_made.single;
        out.pair = m_made.pair;
        out.trims.insert(out.trims.end(), m_made.trims.begin(), m_made.trims.end());
        return {};
    }

private:
    std::string m_where;
    PostProcessing m_made;
};

constexpr std::int64_t kMaxTypeId = 1 << 20;

Result<std::int32_t> typeIdOf(const ComponentSource& source, const ComponentJson& step) {
    const auto id = step.value<std::int64_t>("type_id", 0);
    if (id < 0 || id > kMaxTypeId)
        return source.invalid(fmt::format("a type_id of {} is impossible", id));
    return static_cast<std::int32_t>(id);
}

Result<std::vector<TemplateStep>> readSteps(const ComponentSource& source, const char* key) {
    std::vector<TemplateStep> steps;
    const ComponentJson specials = source.value("special_tokens", ComponentJson::object());
    for (const ComponentJson& entry : source.json.at(key)) {
        if (const auto sequence = entry.find("Sequence"); sequence != entry.end()) {
            LATHE_TRY(const std::int32_t typeId, typeIdOf(source, *sequence));
            const auto id = sequence->at("id").get<std::string>();
            if (id != "A" && id != "B")
                return source.invalid(fmt::format("sequence \"{}\" is neither A nor B", id));
            steps.push_back({-1, id == "B", typeId});
            continue;
        }
        const ComponentJson& special = entry.at("SpecialToken");
        LATHE_TRY(const std::int32_t typeId, typeIdOf(source, special));
        const auto name = special.at("id").get<std::string>();
        const auto defined = specials.find(name);
        if (defined == specials.end())
            return source.invalid(fmt::format("the template's token \"{}\" is not defined", name));
        for (const ComponentJson& id : defined->at("ids")) {
            const auto value = id.get<std::int64_t>();
            if (value < 0 || value > std::numeric_limits<TokenId>::max())
                return source.invalid(fmt::format("the template's token \"{}\" has the impossible id {}", name, value));
            steps.push_back({static_cast<TokenId>(value), false, typeId});
        }
    }
    return steps;
}

}  // namespace

Result<std::unique_ptr<PostProcessor>> BertProcessing(const ComponentSource& source) {
    LATHE_TRY(const TokenId cls, postProcessorToken(source, "cls"));
    LATHE_TRY(const TokenId sep, postProcessorToken(source, "sep"));
    PostProcessing made;
    made.single = {{cls, false, 0}, {-1, false, 0}, {sep, false, 0}};
    made.pair = {{cls, false, 0}, {-1, false, 0}, {sep, false, 0}, {-1, true, 1}, {sep, false, 1}};
    return std::make_unique<TemplatePostProcessor>(source.where, std::move(made));
}

Result<std::unique_ptr<PostProcessor>> RobertaProcessing(const ComponentSource& source) {
    LATHE_TRY(const TokenId cls, postProcessorToken(source, "cls"));
    LATHE_TRY(const TokenId sep, postProcessorToken(source, "sep"));
    PostProcessing made;
    made.single = {{cls, false, 0}, {-1, false, 0}, {sep, false, 0}};
    made.pair = made.single;
    made.pair.insert(made.pair.end(), {{sep, false, 0}, {-1, true, 0}, {sep, false, 0}});
    if (source.value("trim_offsets", true))
        made.trims.push_back(source.value("add_prefix_space", true));
    return std::make_unique<TemplatePostProcessor>(source.where, std::move(made));
}

Result<std::unique_ptr<PostProcessor>> TemplateProcessing(const ComponentSource& source) {
    PostProcessing made;
    LATHE_TRY(made.single, readSteps(source, "single"));
    LATHE_TRY(made.pair, readSteps(source, "pair"));
    return std::make_unique<TemplatePostProcessor>(source.where, std::move(made));
}

}  // namespace lathe::text::post_processors
