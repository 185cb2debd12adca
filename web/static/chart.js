"use strict";
// Puts a chart to hover over and to zoom into in the place of the drawing that came with the page. The library is large:
// it is asked for when somebody wants to explore, not before.
(() => {
  let library = null;

  function load() {
    library ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = "/static/plotly.min.js";
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return library;
  }

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function traces(series) {
    const lines = series.lines.map((line, place) => ({
      name: line.source,
      x: line.times,
      y: line.values,
      mode: "lines",
      connectgaps: false,
      line: { shape: "hv", color: colour(`--s${place % 4}`), width: 2 },
    }));
    const marks = {
      name: "events",
      x: series.marks.map((mark) => mark.time),
      y: series.marks.map((mark) => mark.value),
      text: series.marks.map((mark) => mark.kind.split(".")[1].replace("_", " ")),
      mode: "markers",
      marker: {
        symbol: "diamond",
        size: 10,
        color: series.marks.map((mark) => colour(mark.kind.endsWith("recount") ? "--bad" : "--good")),
      },
      hovertemplate: "%{text}: %{y}<br>%{x}<extra></extra>",
    };
    return series.marks.length ? [...lines, marks] : lines;
  }

  function layout() {
    const axis = { gridcolor: colour("--edge"), linecolor: colour("--faint"), zeroline: false };
    return {
      paper_bgcolor: colour("--card"),
      plot_bgcolor: colour("--card"),
      font: { color: colour("--text"), family: "system-ui, sans-serif" },
      margin: { l: 64, r: 16, t: 16, b: 40 },
      hovermode: "x unified",
      hoverlabel: { bgcolor: colour("--card"), font: { color: colour("--text") } },
      showlegend: false,
      xaxis: { ...axis, type: "date" },
      yaxis: { ...axis, tickformat: ",", nticks: 6 },
    };
  }

  async function explore(figure, button) {
    button.disabled = true;
    button.textContent = "Loading …";
    try {
      const [answer] = await Promise.all([fetch(figure.dataset.series), load()]);
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const series = await answer.json();
      const plot = document.createElement("div");
      plot.className = "plot";
      figure.querySelector("svg").replaceWith(plot);
      await Plotly.newPlot(plot, traces(series), layout(), { displaylogo: false, responsive: true });
      plot.dataset.ready = "true";
      button.remove();
    } catch (error) {
      button.disabled = false;
      button.textContent = "Could not be loaded: try again";
    }
  }

  for (const figure of document.querySelectorAll("figure[data-series]")) {
    const button = figure.querySelector(".explore");
    button.hidden = false;
    button.setAttribute("aria-label", `Explore ${figure.dataset.name}`);
    button.addEventListener("click", () => explore(figure, button));
  }
})();
