// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the Label page's tests share: the page in a window over a made project, seen from the disk too. Thread: GUI.
#pragma once

#include <QVBoxLayout>

#include "corpus/labelling_plan.h"
#include "gui/support/gui_support.h"
#include "pages/label/label_page.h"
#include "session/session.h"
#include "widgets/labels.h"

namespace lathe::test {

class LabelBench {
public:
    LabelBench() {
        m_window.resize(1280, 800);
        auto* layout = new QVBoxLayout(&m_window);
        m_page = new pages::LabelPage(m_session, &m_window);
        layout->addWidget(m_page);
        m_window.show();
    }

    /// A new project of \p texts and \p labels, shown.
    bool open(const std::vector<std::string>& texts, const std::vector<std::string>& labels,
              const corpus::LabellingPlan& plan) {
        QString folder;
        if (!make(texts, labels, plan, folder) || !m_session.openProject(folder))
            return false;
        auto second = m_session.project().connect();
        if (!second)
            return false;
        m_second = std::move(*second);
        m_page->activate({});
        return true;
    }

    bool open(const std::vector<corpus::NewSample>& samples, const std::vector<std::string>& labels,
              const corpus::LabellingPlan& plan) {
        m_samples = samples;
        return open(std::vector<std::string>(), labels, plan);
    }

    session::Session& session() { return m_session; }
    pages::LabelPage& page() { return *m_page; }
    QWidget& window() { return m_window; }
    corpus::SampleId current() const { return m_page->currentSample(); }
    corpus::LabelId label(std::size_t n) const { return m_session.labels().at(n).id; }

    /// The sample as another connection reads it from the disk.
    corpus::Sample stored(corpus::SampleId id) const {
        auto sample = m_second->sample(id);
        if (!sample)
            qFatal("sample %lld: %s", static_cast<long long>(id), sample.error().message.c_str());
        return std::move(*sample);
    }
    corpus::Labelling labelling(corpus::SampleId id) const { return stored(id).labelling; }

    /// To whatever has the focus, as the window system would send it.
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const {
        QWidget* focus = QApplication::focusWidget();
        QTest::keyClick(focus ? focus : m_page, key, modifiers);
    }
    void click(const char* name) const {
        auto* button = m_page->findChild<QWidget*>(QString::fromLatin1(name));
        if (!button || !button->isVisible())
            qFatal("there is no %s to click", name);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    void clickLabel(std::size_t n) const { click(qPrintable(QStringLiteral("label_%1").arg(label(n)))); }
    QString lastStep() const {
        return m_page->findChild<widgets::ElidedLabel*>(QStringLiteral("lastStep"))->fullText();
    }
    template <class T>
    T* child(const char* name) const {
        return m_page->findChild<T*>(QString::fromLatin1(name));
    }

private:
    bool make(const std::vector<std::string>& texts, const std::vector<std::string>& labels,
              const corpus::LabellingPlan& plan, QString& folder) const {
        auto project = corpus::Project::create(m_folder.filePath(QStringLiteral("p")).toStdString());
        if (!project)
            return false;
        folder = QString::fromStdString(project->folder().string());
        auto store = project->connect();
        std::vector<corpus::NewSample> batch = m_samples;
        for (const std::string& text : texts) {
            corpus::NewSample sample;
            sample.text = text;
            batch.push_back(std::move(sample));
        }
        const auto source = (*store)->addSource({});
        if (!source || !(*store)->addSamples(*source, batch))
            return false;
        for (const std::string& name : labels) {
            corpus::Label label;
            label.name = name;
            if (!(*store)->addLabel(label))
                return false;
        }
        return corpus::storeLabellingPlan(**store, plan).has_value();
    }

    QTemporaryDir m_folder;
    std::vector<corpus::NewSample> m_samples;
    session::Session m_session;
    std::unique_ptr<corpus::CorpusStore> m_second;
    QWidget m_window;
    pages::LabelPage* m_page = nullptr;
};

}  // namespace lathe::test
