import{M as e,P as t,f as n,l as r}from"./basics-oDBilrQC.js";import{o as i}from"./api-DMQimLm_.js";import{t as a}from"./index-SDIH5f4d.js";var o=`version: 1
name: my-sweep
method: random
run_cap: 20
metric: {name: val_accuracy, goal: maximize}
parameters:
  dataset: {value: glyphs}
  levels: {values: [6, 7, 8]}
  lr: {distribution: log_uniform_values, min: 0.0005, max: 0.01}
  epochs: {value: 3}
`,s=`draft`;function c({place:s}){let[c,l]=e(s.get(`draft`)?sessionStorage.getItem(`draft`)??o:o),[u,d]=e(!1),[f,p]=e(!1),[m,h]=e(null),[g,_]=e([]);return n(t,{children:[n(`div`,{class:`title`,children:[n(`h1`,{children:`New sweep`}),n(`span`,{class:`dim`,children:[`a sweep file; `,n(`code`,{children:`seqsweep explain KEY`}),` says what a key takes`]})]}),n(`form`,{onSubmit:async e=>{e.preventDefault(),p(!0),h(null),_([]);try{let{sweep:e}=await i(`sweeps`,{source:c,file_name:`dashboard.yaml`,new:!0,paused:u,by:`dashboard`});a(`/s/${e}`)}catch(e){let t=e;t.findings?_(t.findings):h(t),p(!1)}},children:[n(`label`,{class:`block`,children:[n(`span`,{class:`hidden`,children:`Sweep file`}),n(`textarea`,{class:`code`,rows:20,spellcheck:!1,value:c,onInput:e=>l(e.currentTarget.value)})]}),n(`div`,{class:`tools`,children:[n(`button`,{type:`submit`,class:`primary`,disabled:f,children:f?`Submitting …`:`Submit`}),n(`label`,{class:`check`,children:[n(`input`,{type:`checkbox`,checked:u,onChange:()=>d(!u)}),` paused: no trial starts before somebody resumes it`]})]})]}),m?n(r,{error:m}):null,g.length?n(`ul`,{class:`findings`,role:`alert`,children:g.map((e,t)=>n(`li`,{class:e.severity,children:[n(`strong`,{children:[e.severity,` `,e.code]}),` `,`line `,e.line,`, column `,e.column,`: `,e.message,e.reason?n(`span`,{children:[` – `,e.reason]}):null,e.help?n(`div`,{class:`dim`,children:e.help}):null]},t))}):null]})}export{s as Draft,c as NewSweep};