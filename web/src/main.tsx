import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/signin.css";
import "./styles/frame.css";
import "./styles/shell.css";
import "./styles/log.css";
import "./styles/message.css";
import "./styles/composer.css";
import "./styles/people.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { createServices, ServicesProvider } from "./state/services";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");

const services = createServices();
createRoot(root).render(
  <StrictMode>
    <ServicesProvider value={services}>
      <QueryClientProvider client={services.cache}>
        <App />
      </QueryClientProvider>
    </ServicesProvider>
  </StrictMode>,
);
