// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Several adapters on one base: switched, summed up, merged, refused together, and the base as it was afterwards.
#include <QtTest>

#include "nn/adapters/adapter_set.h"
#include "support/small_adapters.h"

using namespace lathe::nn;
using namespace lathe::test;
using lathe::ErrorCode;

class TestAdapterSet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { torch::manual_seed(3); }

    void severalOnOneBase() {
        const auto network = llama();
        const Tensor bare = logitsOf(*network);
        AdapterSet set(network);
        QVERIFY(set.add("one", randomAdapter(network, lora())));
        QVERIFY(set.add("two", randomAdapter(network, lora({{"target_modules", {"q_proj", "v_proj"}}}))));
        QVERIFY(!set.add("two", randomAdapter(network, lora())));
        QVERIFY(set.activate({{"one"}}));
        const Tensor one = logitsOf(*network);
        QVERIFY(set.activate({{"two"}}));
        const Tensor two = logitsOf(*network);
        QVERIFY(apart(one, two) > 1e-3);
        QVERIFY(set.activate({{"one", 0.5}, {"two", -0.25}}));
        const Tensor both = logitsOf(*network);
        QVERIFY(set.merge());
        QVERIFY(apart(logitsOf(*network), both) < 2e-5);
        QVERIFY(set.unmerge());
        QVERIFY(logitsOf(*network).equal(both));
        QVERIFY(set.activate({{"one"}}));
        QVERIFY(logitsOf(*network).equal(one));
        // one that cannot be leaves what was
        QVERIFY(!set.activate({{"two"}, {"three"}}));
        QVERIFY(logitsOf(*network).equal(one));
        QVERIFY(!set.activate({{"one"}, {"one"}}));
        QVERIFY(set.remove("one"));
        QVERIFY(logitsOf(*network).equal(bare));
        QVERIFY(set.activate({{"two", 0}}));
        QVERIFY(apart(logitsOf(*network), bare) < 1e-6);
        QVERIFY(set.activate({}));
        QVERIFY(logitsOf(*network).equal(bare));
        for (const Tensor& parameter : network->parameters())
            QVERIFY(parameter.requires_grad());
    }

    void twoThatReplaceTheSame() {
        const auto network = bert();
        AdapterSet set(network);
        const Json config = {{"peft_type", "LORA"}, {"target_modules", {"query"}}};
        QVERIFY(set.add("one", randomAdapter(network, config)));
        QVERIFY(set.add("two", randomAdapter(network, config)));
        QVERIFY(set.find("one")->config()["modules_to_save"] == Json({"classifier", "score"}));
        const auto both = set.activate({{"one"}, {"two"}});
        QVERIFY(!both && both.error().message.find("classifier") != std::string::npos);
        QVERIFY(set.activate({{"one"}}));
        const auto half = set.activate({{"one", 0.5}});
        QVERIFY(!half && half.error().code == ErrorCode::Unsupported);
    }

    void oneOfTwoTiedLayersIsNotMerged() {
        const auto network = makeNetwork("llama", Head::CausalLm, true);
        const Tensor bare = logitsOf(*network);
        const auto adapter = randomAdapter(network, lora({{"target_modules", {"embed_tokens", "q_proj"}}}));
        QVERIFY(adapter && adapter->attach());
        const Tensor on = logitsOf(*network);
        QVERIFY(apart(on, bare) > 1e-3);
        adapter->detach();
        const auto merged = adapter->merge();
        QVERIFY(!merged && merged.error().message.find("tied") != std::string::npos);
        QVERIFY(logitsOf(*network).equal(bare));
    }

    void forGood() {
        const auto network = llama();
        AdapterSet set(network);
        QVERIFY(set.add("one", randomAdapter(network, lora())) && set.activate({{"one"}}));
        const Tensor on = logitsOf(*network);
        QVERIFY(set.merge(false));
        QVERIFY(set.active().empty());
        QVERIFY(apart(logitsOf(*network), on) < 2e-5);
        QVERIFY(!set.activate({{"one"}}));
        QVERIFY(set.remove("one"));
        QVERIFY(apart(logitsOf(*network), on) < 2e-5);
    }
};

QTEST_GUILESS_MAIN(TestAdapterSet)
#include "tst_adapter_set.moc"
