// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Precision, recall and F1 over whole entities.
#include <limits>

#include "eval/entity_report.h"
#include "train/detail/metric.h"

namespace lathe::train {
namespace {

class EntityMetric final : public Metric {
public:
    EntityMetric(std::vector<std::string> labels, double eval::EntityReport::*which)
        : m_labels(std::move(labels)), m_which(which) {}

    void reset() override {
        m_counter = {};
        m_items = 0;
    }
    void add(const MetricBatch& batch) override {
        TORCH_CHECK(batch.groups.defined(), "entities are counted text by text");
        const auto said = batch.predicted.contiguous(), gold = batch.targets.contiguous(),
                   text = batch.groups.contiguous();
        std::vector<std::string> saidTags, goldTags;
        for (std::int64_t i = 0; i < gold.numel(); ++i) {
            if (i > 0 && text.data_ptr<std::int64_t>()[i] != text.data_ptr<std::int64_t>()[i - 1])
                count(goldTags, saidTags);
            saidTags.push_back(m_labels.at(static_cast<std::size_t>(said.data_ptr<std::int64_t>()[i])));
            goldTags.push_back(m_labels.at(static_cast<std::size_t>(gold.data_ptr<std::int64_t>()[i])));
        }
        count(goldTags, saidTags);
        m_items += gold.numel();
    }
    double value() const override {
        return m_items ? m_counter.report().*m_which : std::numeric_limits<double>::quiet_NaN();
    }

private:
    void count(std::vector<std::string>& gold, std::vector<std::string>& said) {
        m_counter.add(eval::entitiesOf(gold), eval::entitiesOf(said));
        gold.clear();
        said.clear();
    }

    std::vector<std::string> m_labels;
    double eval::EntityReport::*m_which;
    eval::EntityCounter m_counter;
    std::int64_t m_items = 0;
};

auto makerOf(double eval::EntityReport::*which) {
    return [which](const std::vector<std::string>& labels) { return std::make_unique<EntityMetric>(labels, which); };
}

}  // namespace

MetricEntry entityPrecisionMetric() {
    return {.id = "entity_precision",
            .title = "Entity precision",
            .help = "The share of the found parts whose begin, end and label are all right.",
            .unit = "share",
            .higherIsBetter = true,
            .make = makerOf(&eval::EntityReport::precision)};
}

MetricEntry entityRecallMetric() {
    return {.id = "entity_recall",
            .title = "Entity recall",
            .help = "The share of the labelled parts that were found with begin, end and label all right.",
            .unit = "share",
            .higherIsBetter = true,
            .make = makerOf(&eval::EntityReport::recall)};
}

MetricEntry entityF1Metric() {
    return {.id = "entity_f1",
            .title = "Entity F1",
            .help = "Precision and recall over whole labelled parts in one number; a part half found counts as wrong.",
            .unit = "share",
            .higherIsBetter = true,
            .make = makerOf(&eval::EntityReport::f1)};
}

}  // namespace lathe::train
