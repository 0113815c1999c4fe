// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/adapter_method.h"

#include <fmt/format.h>

#include "core/random.h"

namespace lathe::train {
namespace {

constexpr std::uint64_t kAdapterSeed = 0x61646170ull;
constexpr const char* kFromKey = "adapter_from";

class AdapterMethod final : public Method {
public:
    AdapterMethod(Json options, AdapterConfig config, BaseWeights base)
        : m_options(std::move(options)), m_config(std::move(config)), m_base(base) {}

    BaseWeights baseWeights() const override { return m_base; }

    std::int64_t virtualTokens() const override {
        if (from().empty())
            return m_options.value("virtual_tokens", std::int64_t{0});
        const auto config = nn::readAdapterConfig(from());
        const auto tokens = config ? jsonInt(*config, "num_virtual_tokens", 0) : Result<std::int64_t>(0);
        return tokens ? *tokens : 0;
    }

    Result<> prepare(const MethodSetup& setup) override {
        Json config = m_config(m_options, setup);
        if (from().empty()) {
            if (const auto modules = freshHeadModules(*setup.network); !modules.empty())
                config["modules_to_save"] = modules;
            LATHE_TRY(m_adapter, nn::makeAdapter(setup.network, config, mixSeed(setup.seed, kAdapterSeed)));
        } else {
            LATHE_TRY(m_adapter, nn::loadAdapter(setup.network, from()));
            if (m_adapter->kind() != config.at("peft_type").get<std::string>())
                return fail(ErrorCode::InvalidInput,
                            fmt::format("adapter_from: {} is an adapter of the kind {}, this method trains {}; choose "
                                        "the method that it was made with",
                                        from(), m_adapter->kind(), config.at("peft_type").get<std::string>()));
        }
        return m_adapter->attachToTrain();
    }

    nn::NamedTensors parameters() const override { return m_adapter->parameters(); }
    std::shared_ptr<nn::Adapter> adapter() const override { return m_adapter; }

private:
    std::string from() const { return m_options.value(kFromKey, std::string()); }

    Json m_options;
    AdapterConfig m_config;
    BaseWeights m_base;
    std::shared_ptr<nn::Adapter> m_adapter;
};

}  // namespace

MethodEntry adapterEntry(MethodEntry entry, AdapterConfig config, BaseWeights base) {
    entry.options.push_back(
        advanced(textOption(kFromKey, "Go on from an adapter", "",
                            "Folder of an adapter of this kind to train further, in place of a fresh one.")));
    entry.make = [config = std::move(config), base](const Json& options) {
        return std::make_unique<AdapterMethod>(options, config, base);
    };
    return entry;
}

std::vector<std::string> freshHeadModules(const nn::Network& network) {
    std::vector<std::string> modules;
    const nn::Head head = network.config().head;
    if (head != nn::Head::SequenceClassification && head != nn::Head::TokenClassification)
        return modules;
    const auto registry = nn::makeArchitectureRegistry();
    const nn::ArchitectureEntry* entry = registry.find(network.config().architecture);
    std::vector<std::string> prefixes = entry ? entry->headPrefixes : std::vector<std::string>();
    prefixes.emplace_back("score.");
    for (const std::string& prefix : prefixes)
        for (const auto& item : network.named_parameters())
            if (item.key().starts_with(prefix)) {
                modules.push_back(prefix.substr(0, prefix.size() - 1));
                break;
            }
    return modules;
}

Json targetModules(const Json& options) {
    const std::string text = options.value("target_modules", std::string("all-linear"));
    if (text == "all-linear")
        return text;
    if (text == "usual")
        return nullptr;
    Json names = Json::array();
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        std::string name = text.substr(begin, end - begin);
        name.erase(0, name.find_first_not_of(' '));
        name.erase(name.find_last_not_of(' ') + 1);
        if (!name.empty())
            names.push_back(std::move(name));
        begin = end + 1;
    }
    return names;
}

OptionSpec targetModulesOption() {
    return advanced(textOption("target_modules", "Adapted layers", "all-linear",
                               "Which layers get an addition: all-linear, usual (queries and values), or the ends of "
                               "their names between commas."));
}

OptionSpec virtualTokensOption() {
    return intOption("virtual_tokens", "Virtual tokens", 20, 1, 1000, "tokens",
                     "How many learnt tokens stand in front of every text.");
}

bool takesPrompts(const nn::NetworkConfig& config) {
    return config.head != nn::Head::Seq2SeqLm;
}

}  // namespace lathe::train
