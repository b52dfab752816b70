package dev.polywire.app;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches the files of a configuration, including secrets and certificates, and reloads the program when one changes or somebody asks.
 * A configuration with errors is rejected, its complaints are logged, and the program keeps its current configuration.
 */
final class Watch {

    private static final Logger LOG = System.getLogger("dev.polywire");

    private final Vertx vertx;
    private final Context context;
    private final Program program;
    private final Path[] files;
    private final Consumer<Configuration> used;
    private Set<Path> watched = Set.of();
    /** Those of the configuration in use; printed once. */
    private List<Complaint> warned;

    private long scanMillis;
    private @Nullable ConfigRetriever retriever;
    private boolean reading;
    private boolean again;
    /** Whether somebody has asked for the reading that begins next. */
    private boolean asked;
    /** What he was told is wrong: the watch finds it too, and says it no second time. */
    private @Nullable List<Complaint> told;

    private Watch(Vertx vertx, Program program, Configuration first, Consumer<Configuration> used) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.program = program;
        this.files = first.files();
        this.warned = first.warnings();
        this.used = used;
    }

    /**
     * Begins, and continues until {@code vertx} is closed.
     *
     * @param first is in use; its warnings were printed
     * @param used is given each configuration before the program applies it
     */
    static Watch start(Vertx vertx, Configuration first, Program program, Consumer<Configuration> used) {
        Watch watch = new Watch(vertx, program, first, used);
        watch.context.runOnContext(
                on -> watch.look(first.watched(), first.options().scanMillis()));
        return watch;
    }

    /** Reads the files now, whether they have changed or not. From any thread. */
    void reload() {
        context.runOnContext(on -> {
            LOG.log(Level.INFO, "SIGHUP: the configuration is read again");
            asked = true;
            changed();
        });
    }

    /** The first scan of a retriever always reports a change, so no change since the files were read is missed. */
    private void look(Set<Path> wanted, long everyMillis) {
        if (wanted.equals(watched) && everyMillis == scanMillis) {
            return;
        }
        if (retriever != null) {
            retriever.close();
        }
        watched = wanted;
        scanMillis = everyMillis;
        ConfigRetrieverOptions options = new ConfigRetrieverOptions().setScanPeriod(scanMillis);
        for (Path file : watched) {
            options.addStore(new ConfigStoreOptions()
                    .setType("file")
                    .setFormat("raw")
                    .setOptional(true)
                    .setConfig(new JsonObject()
                            .put("path", file.toString())
                            .put("raw.key", file.toString())
                            .put("raw.encoding", "ISO-8859-1")));
        }
        retriever = ConfigRetriever.create(vertx, options);
        retriever.listen(change -> changed());
    }

    /** One reload at a time: changes during a reload are read after it. */
    private void changed() {
        again = reading;
        if (!reading) {
            reading = true;
            boolean wanted = asked;
            asked = false;
            Configuration.read(vertx, files)
                    .onSuccess(next -> use(next, wanted))
                    .onComplete(read -> {
                        reading = false;
                        if (again) {
                            changed();
                        }
                    });
        }
    }

    private void use(Configuration next, boolean wanted) {
        List<Complaint> known = told;
        told = wanted ? next.complaints() : null;
        if (next.complaints().isEmpty()) {
            next.warnings().stream()
                    .filter(warning -> !warned.contains(warning))
                    .forEach(warning -> LOG.log(Level.WARNING, warning.toString()));
            warned = next.warnings();
            used.accept(next);
            program.reload(next)
                    .onFailure(cannot -> LOG.log(Level.ERROR, "bridge: cannot be changed: " + cannot.getMessage()));
            look(next.watched(), next.options().scanMillis());
        } else {
            // A file that it refers to may not be written yet.
            Set<Path> both = new LinkedHashSet<>(watched);
            both.addAll(next.watched());
            look(both, scanMillis);
            if (wanted || !next.complaints().equals(known)) {
                LOG.log(Level.ERROR, "configuration refused, the old one goes on");
                next.complaints().forEach(complaint -> LOG.log(Level.ERROR, complaint.toString()));
            }
        }
    }
}
