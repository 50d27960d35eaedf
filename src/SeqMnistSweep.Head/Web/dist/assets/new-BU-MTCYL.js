import{b as e,p as t,u as n,v as r}from"./basics-BZoDKY9l.js";import{a as i}from"./api-Bk3Pqe8B.js";import{n as a}from"./route-EjRt5AQf.js";var o=`version: 1
name: my-sweep
method: random
run_cap: 20
metric: {name: val_accuracy, goal: maximize}
parameters:
  dataset: {value: glyphs}
  levels: {values: [6, 7, 8]}
  lr: {distribution: log_uniform_values, min: 0.0005, max: 0.01}
  epochs: {value: 3}
`,s=`draft`;function c({place:s}){let[c,l]=r(s.get(`draft`)?sessionStorage.getItem(`draft`)??o:o),[u,d]=r(!1),[f,p]=r(!1),[m,h]=r(null);return t(e,{children:[t(`div`,{class:`title`,children:[t(`h1`,{children:`New sweep`}),t(`span`,{class:`dim`,children:[`a sweep file; `,t(`code`,{children:`seqsweep explain KEY`}),` says what a key takes`]})]}),t(`form`,{onSubmit:async e=>{e.preventDefault(),p(!0),h(null);try{let{sweep:e}=await i(`sweeps`,{source:c,file_name:`dashboard.yaml`,new:!0,paused:u,by:`dashboard`});a(`/s/${e}`)}catch(e){h(e),p(!1)}},children:[t(`label`,{class:`block`,children:[t(`span`,{class:`hidden`,children:`Sweep file`}),t(`textarea`,{class:`code`,rows:20,spellcheck:!1,value:c,onInput:e=>l(e.currentTarget.value)})]}),t(`div`,{class:`tools`,children:[t(`button`,{type:`submit`,class:`primary`,disabled:f,children:f?`Submitting …`:`Submit`}),t(`label`,{class:`check`,children:[t(`input`,{type:`checkbox`,checked:u,onChange:()=>d(!u)}),` paused: no trial starts before somebody resumes it`]})]})]}),m?t(n,{error:m}):null,m?.findings?t(`ul`,{class:`findings`,role:`alert`,children:m.findings.map((e,n)=>t(`li`,{class:e.severity,children:[t(`strong`,{children:[e.severity,` `,e.code]}),` `,`line `,e.line,`, column `,e.column,`: `,e.message,e.reason?t(`span`,{children:[` – `,e.reason]}):null,e.help?t(`div`,{class:`dim`,children:e.help}):null]},n))}):null]})}export{c as n,s as t};