import com.github.msemys.esjc.EventData;
import com.github.msemys.esjc.EventStore;
import com.github.msemys.esjc.ExpectedVersion;
import com.github.msemys.esjc.StreamAcl;
import com.github.msemys.esjc.StreamEventsSlice;
import com.github.msemys.esjc.StreamMetadata;
import com.github.msemys.esjc.StreamMetadataResult;
import com.github.msemys.esjc.SystemSettings;
import com.github.msemys.esjc.Transaction;
import com.github.msemys.esjc.WriteResult;
import java.util.List;
import java.util.Map;

/** Appends, transactions, deletions, metadata and the settings of all streams. */
final class EsjcWriting {

    private final EventStore store;
    private final EventStore nobody;

    /** @param nobody has no user */
    EsjcWriting(EventStore store, EventStore nobody) {
        this.store = store;
        this.nobody = nobody;
    }

    void addTo(Map<String, EsjcDriver.Scenario> scenarios) {
        scenarios.put("append", this::append);
        scenarios.put("append large", this::appendLarge);
        scenarios.put("append refused", this::appendRefused);
        scenarios.put("transaction", this::transaction);
        scenarios.put("soft delete", this::softDelete);
        scenarios.put("hard delete", this::hardDelete);
        scenarios.put("metadata", this::metadata);
        scenarios.put("access", this::access);
        scenarios.put("system settings", this::systemSettings);
    }

    private String append() throws Exception {
        EventData last = event();
        long first = append("append", ExpectedVersion.NO_STREAM, event());
        long two = EsjcDriver.await(store.appendToStream("append", first, List.of(event(), event())))
                .nextExpectedVersion;
        long any = append("append", ExpectedVersion.ANY, last);
        long again = append("append", ExpectedVersion.ANY, last);
        long none = EsjcDriver.await(store.appendToStream("append", any, List.of())).nextExpectedVersion;
        long existing = append("append", ExpectedVersion.STREAM_EXISTS, event());
        return first + ", two to " + two + ", any " + any + ", again " + again + ", none " + none + ", existing " + existing;
    }

    private String appendLarge() throws Exception {
        byte[] data = new byte[3 * 1024 * 1024];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) i;
        }
        EventData large = EventData.newBuilder().type("Large").data(data).build();
        append("append large", ExpectedVersion.NO_STREAM, large);
        byte[] read = EsjcDriver.await(store.readEvent("append large", 0, false)).event.event.data;
        return read.length + " bytes, the same: " + java.util.Arrays.equals(data, read);
    }

    private String appendRefused() throws Exception {
        EsjcDriver.fill(store, "refused", 2);
        return EsjcDriver.refusal(store.appendToStream("refused", 7, event()))
                + ", tried: " + EsjcDriver.await(store.tryAppendToStream("refused", 0, event())).status
                + ", no stream: "
                + EsjcDriver.refusal(store.appendToStream("refused", ExpectedVersion.NO_STREAM, event()))
                + ", existing: "
                + EsjcDriver.refusal(store.appendToStream("not there", ExpectedVersion.STREAM_EXISTS, event()))
                + ", events " + EsjcDriver.numbers(read("refused").events);
    }

    private String transaction() throws Exception {
        Transaction transaction = EsjcDriver.await(store.startTransaction("transaction", ExpectedVersion.NO_STREAM));
        EsjcDriver.await(transaction.write(List.of(event(), event())));
        String before = read("transaction").status.toString();
        Transaction continued = store.continueTransaction(transaction.transactionId);
        EsjcDriver.await(continued.write(event()));
        WriteResult committed = EsjcDriver.await(continued.commit());
        Transaction late = EsjcDriver.await(store.startTransaction("transaction", ExpectedVersion.NO_STREAM));
        EsjcDriver.await(late.write(event()));
        return before + ", committed " + committed.nextExpectedVersion
                + ", events " + EsjcDriver.numbers(read("transaction").events)
                + ", late: " + EsjcDriver.refusal(late.commit());
    }

    private String softDelete() throws Exception {
        EsjcDriver.fill(store, "soft", 3);
        String wrong = EsjcDriver.refusal(store.deleteStream("soft", 7));
        EsjcDriver.await(store.deleteStream("soft", 2));
        String gone = read("soft").status.toString();
        long next = append("soft", ExpectedVersion.ANY, event());
        return wrong + ", then " + gone + ", next " + next + ", events " + EsjcDriver.numbers(read("soft").events);
    }

    private String hardDelete() throws Exception {
        EsjcDriver.fill(store, "hard", 3);
        EsjcDriver.await(store.deleteStream("hard", ExpectedVersion.ANY, true));
        return read("hard").status
                + ", event: " + EsjcDriver.await(store.readEvent("hard", 0, false)).status
                + ", append: " + EsjcDriver.refusal(store.appendToStream("hard", ExpectedVersion.ANY, event()))
                + ", again: " + EsjcDriver.refusal(store.deleteStream("hard", ExpectedVersion.ANY, true));
    }

    private String metadata() throws Exception {
        EsjcDriver.fill(store, "metadata", 5);
        StreamMetadataResult none = EsjcDriver.await(store.getStreamMetadata("metadata"));
        EsjcDriver.await(store.setStreamMetadata(
                "metadata",
                ExpectedVersion.NO_STREAM,
                StreamMetadata.newBuilder().maxCount(3L).customProperty("owner", "stable").build()));
        StreamMetadataResult set = EsjcDriver.await(store.getStreamMetadata("metadata"));
        String counted = EsjcDriver.numbers(read("metadata").events);
        EsjcDriver.await(store.setStreamMetadata(
                "metadata",
                set.metastreamVersion,
                StreamMetadata.newBuilder().truncateBefore(4L).build()));
        return "version " + none.metastreamVersion
                + ", then " + set.metastreamVersion
                + " of " + set.streamMetadata.getCustomProperty("owner").value
                + " with at most " + set.streamMetadata.maxCount + ": " + counted
                + ", truncated: " + EsjcDriver.numbers(read("metadata").events);
    }

    private String access() throws Exception {
        EsjcDriver.fill(store, "access", 1);
        EsjcDriver.await(store.setStreamMetadata(
                "access",
                ExpectedVersion.ANY,
                StreamMetadata.newBuilder()
                        .aclReadRoles(List.of("$admins"))
                        .aclWriteRoles(List.of("$admins"))
                        .build()));
        return "admin reads " + EsjcDriver.numbers(read("access").events)
                + ", nobody reads: " + EsjcDriver.refusal(nobody.readStreamEventsForward("access", 0, 10, false))
                + ", writes: " + EsjcDriver.refusal(nobody.appendToStream("access", ExpectedVersion.ANY, event()))
                + ", reads $all: " + EsjcDriver.refusal(nobody.readAllEventsForward(com.github.msemys.esjc.Position.START, 10, false));
    }

    /** They hold for all streams: they are taken back. */
    private String systemSettings() throws Exception {
        EsjcDriver.fill(store, "settings", 1);
        StreamAcl admins = StreamAcl.newBuilder().readRoles(List.of("$admins")).build();
        EsjcDriver.await(store.setSystemSettings(
                SystemSettings.newBuilder().userStreamAcl(admins).build()));
        String refused = EsjcDriver.refusal(nobody.readStreamEventsForward("settings", 0, 10, false));
        EsjcDriver.await(store.setSystemSettings(SystemSettings.empty()));
        return refused + ", then " + EsjcDriver.refusal(nobody.readStreamEventsForward("settings", 0, 10, false));
    }

    private long append(String stream, long expectedVersion, EventData event) throws Exception {
        return EsjcDriver.await(store.appendToStream(stream, expectedVersion, event)).nextExpectedVersion;
    }

    private StreamEventsSlice read(String stream) throws Exception {
        return EsjcDriver.await(store.readStreamEventsForward(stream, 0, 100, false));
    }

    private static EventData event() {
        return EsjcDriver.json("Happened", "{}");
    }
}
