import{p as e,u as t,v as n,x as r}from"./basics-BwKYlHGk.js";import{s as i}from"./api-Bcssxoz_.js";import"./housekeeping-CVATE-Jw.js";import{n as a}from"./route-C2El8wJt.js";var o=`version: 1
name: my-sweep
method: auto
run_cap: 8
metric: {name: val_accuracy, goal: maximize}
parameters:
  dataset: {value: glyphs}
  input_channels: {value: 14}   # 56 steps of 14 pixels; 1 reads it pixel by pixel, 784 steps
  levels: {values: [3, 4, 5]}
  hidden: {values: [8, 16, 24]}
  lr: {distribution: log_uniform_values, min: 0.0005, max: 0.02}
  epochs: {value: 4}
  train_limit: {value: 6000}    # leave it out for all images
  eval_limit: {value: 1000}
`;function s({place:s}){let[c,l]=n(s.get(`draft`)?sessionStorage.getItem(`draft`)??o:o),[u,d]=n(!1),[f,p]=n(!1),[m,h]=n(null);return e(r,{children:[e(`div`,{class:`title`,children:[e(`h1`,{children:`New sweep`}),e(`span`,{class:`dim`,children:[`a sweep file; `,e(`code`,{children:`seqsweep explain KEY`}),` says what a key takes`]})]}),e(`form`,{onSubmit:async e=>{e.preventDefault(),p(!0),h(null);try{let{sweep:e}=await i(`sweeps`,{source:c,file_name:`dashboard.yaml`,new:!0,paused:u,by:`dashboard`});a(`/s/${e}`)}catch(e){h(e),p(!1)}},children:[e(`label`,{class:`block`,children:[e(`span`,{class:`hidden`,children:`Sweep file`}),e(`textarea`,{class:`code`,rows:20,spellcheck:!1,value:c,onInput:e=>l(e.currentTarget.value)})]}),e(`div`,{class:`tools`,children:[e(`button`,{type:`submit`,class:`primary`,disabled:f,children:f?`Submitting …`:`Submit`}),e(`label`,{class:`check`,children:[e(`input`,{type:`checkbox`,checked:u,onChange:()=>d(!u)}),` paused: no trial starts before somebody resumes it`]})]})]}),m?e(t,{error:m}):null,m?.findings?e(`ul`,{class:`findings`,role:`alert`,children:m.findings.map((t,n)=>e(`li`,{class:t.severity,children:[e(`strong`,{children:[t.severity,` `,t.code]}),` `,`line `,t.line,`, column `,t.column,`: `,t.message,t.reason?e(`span`,{children:[` – `,t.reason]}):null,t.help?e(`div`,{class:`dim`,children:t.help}):null]},n))}):null]})}export{s as NewSweep};