<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>lathe::app::JobBar</name>
    <message numerus="yes">
        <source>%n more waiting</source>
        <translation>
            <numerusform>%n more waiting</numerusform>
            <numerusform>%n more waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::AboutDialog</name>
    <message numerus="yes">
        <source>Lathe %1 on %2, %n core(s), Qt %3</source>
        <translation>
            <numerusform>Lathe %1 on %2, %n core, Qt %3</numerusform>
            <numerusform>Lathe %1 on %2, %n cores, Qt %3</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::CleanHistory</name>
    <message numerus="yes">
        <source>%Ln text(s) are as they were.</source>
        <translation>
            <numerusform>%Ln text are as they were.</numerusform>
            <numerusform>%Ln texts are as they were.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::ExportChoicesPane</name>
    <message numerus="yes">
        <source>The %Ln selected</source>
        <translation>
            <numerusform>The %Ln selected</numerusform>
            <numerusform>The %Ln selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The %Ln shown</source>
        <translation>
            <numerusform>The %Ln shown</numerusform>
            <numerusform>The %Ln shown</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln of the project</source>
        <translation>
            <numerusform>All %Ln of the project</numerusform>
            <numerusform>All %Ln of the project</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln label(s)</source>
        <translation>
            <numerusform>%Ln label</numerusform>
            <numerusform>%Ln labels</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::ImportDialog</name>
    <message numerus="yes">
        <source>Import %n file(s)</source>
        <translation>
            <numerusform>Import %n file</numerusform>
            <numerusform>Import %n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Importing %n file(s)</source>
        <translation>
            <numerusform>Importing %n file</numerusform>
            <numerusform>Importing %n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::itemmodels::Annotator</name>
    <message numerus="yes">
        <source>Mark %n text(s)</source>
        <translation>
            <numerusform>Mark %n text</numerusform>
            <numerusform>Mark %n texts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Set the split of %n text(s)</source>
        <translation>
            <numerusform>Set the split of %n text</numerusform>
            <numerusform>Set the split of %n texts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::itemmodels::SampleModel</name>
    <message numerus="yes">
        <source>%n labelled part(s)</source>
        <translation>
            <numerusform>%n labelled part</numerusform>
            <numerusform>%n labelled parts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::CalibrationView</name>
    <message numerus="yes">
        <source>Sure to %1 on average, right in %2 of %n text(s)</source>
        <translation>
            <numerusform>Sure to %1 on average, right in %2 of %n text</numerusform>
            <numerusform>Sure to %1 on average, right in %2 of %n texts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::CorpusPage</name>
    <message numerus="yes">
        <source>Remove %Ln text(s) from the corpus?</source>
        <translation>
            <numerusform>Remove %Ln text from the corpus?</numerusform>
            <numerusform>Remove %Ln texts from the corpus?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln text(s)</source>
        <translation>
            <numerusform>%Ln text</numerusform>
            <numerusform>%Ln texts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln selected</source>
        <translation>
            <numerusform>%Ln selected</numerusform>
            <numerusform>%Ln selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>the %Ln selected text(s)</source>
        <translation>
            <numerusform>the %Ln selected text</numerusform>
            <numerusform>the %Ln selected texts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>all %Ln text(s)</source>
        <translation>
            <numerusform>all %Ln text</numerusform>
            <numerusform>all %Ln texts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>the %Ln text(s) shown</source>
        <translation>
            <numerusform>the %Ln text shown</numerusform>
            <numerusform>the %Ln texts shown</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::DataPane</name>
    <message numerus="yes">
        <source>%Ln are longer than the %1 tokens that it reads.</source>
        <translation>
            <numerusform>%Ln are longer than the %1 tokens that it reads.</numerusform>
            <numerusform>%Ln are longer than the %1 tokens that it reads.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::DayBars</name>
    <message numerus="yes">
        <source>%1: %Ln label(s)</source>
        <translation>
            <numerusform>%1: %Ln label</numerusform>
            <numerusform>%1: %Ln labels</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::EvaluatePage</name>
    <message numerus="yes">
        <source>%n text(s) were longer than the model reads and were cut.</source>
        <translation>
            <numerusform>%n text was longer than the model reads and was cut.</numerusform>
            <numerusform>%n texts were longer than the model reads and were cut.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) are unknown to this model; their texts count as wrong.</source>
        <translation>
            <numerusform>%n label is unknown to this model; its texts count as wrong.</numerusform>
            <numerusform>%n labels are unknown to this model; their texts count as wrong.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) corrected since.</source>
        <translation>
            <numerusform>%n label corrected since.</numerusform>
            <numerusform>%n labels corrected since.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::HistoryCard</name>
    <message numerus="yes">
        <source>%Ln part(s) labelled</source>
        <translation>
            <numerusform>%Ln part labelled</numerusform>
            <numerusform>%Ln parts labelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln label(s) on turns</source>
        <translation>
            <numerusform>%Ln label on turns</numerusform>
            <numerusform>%Ln labels on turns</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::LabelButton</name>
    <message numerus="yes">
        <source>%n text(s)</source>
        <translation>
            <numerusform>%n text</numerusform>
            <numerusform>%n texts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::LabelPage</name>
    <message numerus="yes">
        <source>%Ln text(s) were skipped and have no label.</source>
        <translation>
            <numerusform>%Ln text was skipped and has no label.</numerusform>
            <numerusform>%Ln texts were skipped and have no label.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln part(s) labelled</source>
        <translation>
            <numerusform>%Ln part labelled</numerusform>
            <numerusform>%Ln parts labelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Text changed; %Ln labelled part(s) are gone with it</source>
        <translation>
            <numerusform>Text changed; %Ln labelled part are gone with it</numerusform>
            <numerusform>Text changed; %Ln labelled parts are gone with it</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::LengthHistogram</name>
    <message numerus="yes">
        <source>%Ln text(s)</source>
        <translation>
            <numerusform>%Ln text</numerusform>
            <numerusform>%Ln texts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::ProgressStrip</name>
    <message numerus="yes">
        <source>%Ln today</source>
        <comment>labels given today</comment>
        <translation>
            <numerusform>%Ln today</numerusform>
            <numerusform>%Ln today</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln skipped</source>
        <translation>
            <numerusform>%Ln skipped</numerusform>
            <numerusform>%Ln skipped</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::QueuePane</name>
    <message numerus="yes">
        <source>%Ln text(s)</source>
        <translation>
            <numerusform>%Ln text</numerusform>
            <numerusform>%Ln texts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::RuleEditor</name>
    <message numerus="yes">
        <source>Finds %Ln text(s)</source>
        <translation>
            <numerusform>Finds %Ln text</numerusform>
            <numerusform>Finds %Ln texts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::RulesModel</name>
    <message numerus="yes">
        <source>It took too long on %Ln text(s) and said nothing there</source>
        <translation>
            <numerusform>It took too long on %Ln text and said nothing there</numerusform>
            <numerusform>It took too long on %Ln texts and said nothing there</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::RulesPane</name>
    <message numerus="yes">
        <source>%Ln text(s) have a label of the rules now</source>
        <translation>
            <numerusform>%Ln text have a label of the rules now</numerusform>
            <numerusform>%Ln texts have a label of the rules now</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln label(s) of the rules were taken back</source>
        <translation>
            <numerusform>%Ln label of the rules were taken back</numerusform>
            <numerusform>%Ln labels of the rules were taken back</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::TrainForm</name>
    <message numerus="yes">
        <source>%n text(s) are very few; expect little.</source>
        <translation>
            <numerusform>%n text is very few; expect little.</numerusform>
            <numerusform>%n texts are very few; expect little.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) have a single text and cannot be judged: %1</source>
        <translation>
            <numerusform>%n label has a single text and cannot be judged: %1</numerusform>
            <numerusform>%n labels have a single text and cannot be judged: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::TrainPage</name>
    <message numerus="yes">
        <source>%n text(s) were longer than the model reads and were cut.</source>
        <translation>
            <numerusform>%n text was longer than the model reads and was cut.</numerusform>
            <numerusform>%n texts were longer than the model reads and were cut.</numerusform>
        </translation>
    </message>
</context>
</TS>
