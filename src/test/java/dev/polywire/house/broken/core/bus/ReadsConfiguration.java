package dev.polywire.house.broken.core.bus;

import com.typesafe.config.Config;
import dev.polywire.house.Breaks;
import io.vertx.config.ConfigRetriever;
import org.yaml.snakeyaml.Yaml;

@Breaks({"vertx-config", "HOCON", "YAML"})
public interface ReadsConfiguration {

    void read(ConfigRetriever retriever, Config hocon, Yaml yaml);
}
